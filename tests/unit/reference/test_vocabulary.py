from datetime import date

import pytest

from inspect_app import rules
from inspect_app.matching import BUILT_IN_WEIGHTS
from inspect_app.reference.checklists import VENUE_KINDS, checklist_for, checklist_versions
from inspect_app.reference.mapping_rows import REFUSAL_CODES
from inspect_app.reference.mappings import IDENTIFIER_TARGETS, MAPPING_FAULTS, TARGETS
from inspect_app.reference.vocabulary import choices, label, labels, vocabulary_names


@pytest.mark.parametrize(
    ("vocabulary", "codes"),
    [
        ("venue_kind", rules.VENUE_KINDS),
        ("venue_state", rules.VENUE_STATES),
        ("risk", rules.VENUE_RISKS),
        ("agency_kind", rules.AGENCY_KINDS),
        ("visit_kind", rules.VISIT_KINDS),
        ("visit_state", rules.VISIT_STATES),
        ("visit_outcome", rules.VISIT_OUTCOMES),
        ("answer", rules.ANSWERS),
        ("report_channel", rules.REPORT_CHANNELS),
        ("disposition", rules.DISPOSITIONS),
        ("alert_state", rules.ALERT_STATES),
        ("alert_band", rules.ALERT_BANDS),
        ("comparison", {*BUILT_IN_WEIGHTS.levels, "prior", "rivals"}),
        ("dismissal_reason", rules.DISMISSAL_REASONS),
        ("role", rules.ROLES),
        ("identifier_kind", rules.IDENTIFIER_KINDS),
        ("identifier_check", rules.IDENTIFIER_CHECKS),
        ("read_by", rules.READ_BY),
        ("document_kind", rules.DOCUMENT_KINDS),
        ("job_state", rules.JOB_STATES),
        ("import_state", rules.IMPORT_STATES),
        ("alias_kind", rules.ALIAS_KINDS),
        ("release_state", rules.RELEASE_STATES),
        ("refusal", REFUSAL_CODES),
        ("mapping_fault", MAPPING_FAULTS),
        ("import_target", set(TARGETS) - set(IDENTIFIER_TARGETS)),
    ],
)
def test_every_code_has_its_words(vocabulary: str, codes: tuple[str, ...]) -> None:
    assert set(codes) <= set(labels(vocabulary))


def test_the_words_are_given_in_both_languages() -> None:
    for name in vocabulary_names():
        for code, word in labels(name).items():
            assert word.zh, f"{name}.{code}"
            assert word.en, f"{name}.{code}"


def test_the_checklists_use_known_codes() -> None:
    for version in checklist_versions():
        for kind in VENUE_KINDS:
            for item in checklist_for(kind, date(2026, 1, 1)).items:
                assert item.agency in labels("agency_kind"), version
                assert item.severity in labels("severity")
                assert item.subject in labels("subject")


def test_a_label_follows_the_language() -> None:
    assert label("visit_kind", "random", "zh_Hans_CN") == "双随机抽查"
    assert label("visit_kind", "random", "en") == "Random"
    assert label("category", "ebike", "zh") == "电动自行车"
    assert choices("severity", "en") == [("high", "High"), ("medium", "Medium"), ("low", "Low")]


def test_an_unknown_code_is_an_error_and_not_an_empty_word() -> None:
    with pytest.raises(KeyError):
        label("visit_kind", "surprise", "en")
    with pytest.raises(KeyError):
        label("no_such_vocabulary", "x", "en")
