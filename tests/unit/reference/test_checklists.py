from datetime import date, timedelta

import pytest

from inspect_app.reference.checklists import (
    VENUE_KINDS,
    Checklist,
    ChecklistItem,
    basis_on,
    checklist_for,
    checklist_version,
    checklist_versions,
    printable_basis_on,
)

NEW_LAW = date(2026, 1, 1)
EVE = NEW_LAW - timedelta(days=1)


def item(venue_kind: str, key: str) -> ChecklistItem:
    return checklist_for(venue_kind, NEW_LAW).item(key)


def articles(found: ChecklistItem, day: date) -> dict[str, str]:
    return {citation.norm: citation.article.zh for citation in basis_on(found, day)}


@pytest.mark.parametrize("venue_kind", VENUE_KINDS)
def test_every_kind_has_a_complete_list(venue_kind: str) -> None:
    checklist = checklist_for(venue_kind, NEW_LAW)
    assert len(checklist.items) >= 12
    assert len({entry.key for entry in checklist.items}) == len(checklist.items)
    for entry in checklist.items:
        assert entry.question.zh.endswith("？")
        assert entry.question.en.endswith("?")
        assert all((entry.look_at.zh, entry.look_at.en))
        assert entry.severity in {"high", "medium", "low"}
        assert entry.subject in {"person", "unit"}
        assert entry.citations


def test_a_market_is_asked_what_a_second_hand_shop_is_asked() -> None:
    keys = [[entry.key for entry in checklist_for(kind, NEW_LAW).items] for kind in ("second_hand", "market")]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("venue_kind", "key", "norm", "before", "after"),
    [
        ("second_hand", "second_hand.wanted_goods", "za.wanted_goods", "第五十九条第三项", "第七十一条第一款第三项"),
        ("pawn", "pawn.verify", "za.pawn", "第五十九条第一项", "第七十一条第一款第一项"),
        ("second_hand", "second_hand.handling", "za.handling", "第六十条第三项", "第七十二条第三项"),
        ("pawn", "pawn.preserved", "za.preserved", "第六十条第一项", "第七十二条第一项"),
        ("scrap", "scrap.cooperate", "za.obstruct", "第五十条第一款第二项", "第六十一条第一款第二项"),
    ],
)
def test_the_basis_is_the_law_of_the_day(venue_kind: str, key: str, norm: str, before: str, after: str) -> None:
    found = item(venue_kind, key)
    assert articles(found, EVE)[norm] == before
    assert articles(found, NEW_LAW)[norm] == after


def test_the_penalty_changes_with_the_law() -> None:
    found = item("second_hand", "second_hand.wanted_goods")
    assert "500元以上1000元" in basis_on(found, EVE)[0].penalty.zh
    assert "1000元以上3000元" in basis_on(found, NEW_LAW)[0].penalty.zh


def test_what_was_not_known_or_did_not_exist_is_left_out() -> None:
    filing = item("scrap", "scrap.police_filing")
    assert basis_on(filing, date(2023, 7, 19)) == ()
    assert len(basis_on(filing, date(2023, 7, 20))) == 1
    assert "za.scrap_vehicle" not in articles(item("scrap", "scrap.vehicle_log"), EVE)


def test_an_unverified_citation_is_shown_but_never_printed() -> None:
    found = item("pawn", "pawn.verify")
    assert [citation.norm for citation in basis_on(found, NEW_LAW)] == ["za.pawn", "dd05.verify"]
    assert [citation.norm for citation in printable_basis_on(found, NEW_LAW)] == ["za.pawn"]


def test_only_instruments_whose_text_was_read_are_verified() -> None:
    citations = [c for kind in VENUE_KINDS for entry in checklist_for(kind, NEW_LAW).items for c in entry.citations]
    for citation in citations:
        unread = citation.norm.split(".")[0] in {"dd05", "zs07", "jh98", "pawn_guide"}
        assert citation.is_verified is not unread, citation.norm
        assert not (citation.is_penalty_verified and unread)
        if citation.is_verified:
            assert citation.valid_from is not None, "a printable basis says since when it has been in force"
    assert not item("second_hand", "second_hand.tobacco").citations[0].is_penalty_verified


def test_no_norm_has_two_wordings_on_one_day() -> None:
    for kind in VENUE_KINDS:
        for entry in checklist_for(kind, NEW_LAW).items:
            for day in (EVE, NEW_LAW, date(2015, 6, 1)):
                norms = [citation.norm for citation in basis_on(entry, day)]
                assert len(norms) == len(set(norms))


def test_the_abolished_pawn_permit_is_not_asked_for() -> None:
    text = "".join(entry.question.zh + entry.look_at.zh for entry in checklist_for("pawn", NEW_LAW).items)
    assert "特种行业" not in text


def test_an_old_visit_finds_its_own_version() -> None:
    assert checklist_versions()[0] == "2026-01"
    assert checklist_version("2026-01", "scrap") == checklist_for("scrap", NEW_LAW)
    assert isinstance(checklist_for("scrap", date(2020, 1, 1)), Checklist)
    with pytest.raises(KeyError):
        checklist_version("1999-01", "scrap")
    with pytest.raises(KeyError):
        checklist_for("bakery", NEW_LAW)
