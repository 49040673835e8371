"""Both languages are complete: every text of the code stands in both catalogues, with the same placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "inspect_app" / "translations"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


def _texts_in_code() -> set[str]:
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    texts: set[str] = set()
    for folder in ("inspect_app", "templates"):
        found = extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(folder)],
            options,
            keywords=KEYWORDS,
        )
        texts |= {message for _file, _line, message, *_rest in found if isinstance(message, str)}
    return texts


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_catalogue_is_complete(locale: str) -> None:
    with (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = {message.id: message.string for message in read_po(file) if message.id}
    texts = _texts_in_code()
    assert len(texts) > 40, "the texts of the code were not found"
    missing = {text for text in texts if not catalogue.get(text)}
    assert not missing
    assert not set(catalogue) - texts, "texts that no code uses any more: run make translations"
    for text, translation in catalogue.items():
        assert sorted(_PLACEHOLDER.findall(text)) == sorted(_PLACEHOLDER.findall(translation)), text


def test_chinese_is_chinese() -> None:
    with (TRANSLATIONS / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        same = [m.id for m in read_po(file) if m.id and m.id == m.string and re.search(r"[A-Za-z]{4}", m.id)]
    assert not [text for text in same if text not in {"English", "IMEI"}], "left in English"
