"""A text in the two languages of the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same text in Simplified Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text for a locale such as ``zh_Hans_CN``, ``zh`` or ``en``; Chinese unless it is English."""
        return self.en if language.lower().startswith("en") else self.zh


def read_bilingual(table: Mapping[str, Any], name: str) -> Bilingual:
    """Read ``<name>_zh`` and ``<name>_en`` of a TOML table; both empty when absent.

    Raises ValueError when only one of the two languages is given.
    """
    zh, en = str(table.get(f"{name}_zh", "")).strip(), str(table.get(f"{name}_en", "")).strip()
    if bool(zh) != bool(en):
        raise ValueError(f"{name} is given in one language only: {zh or en!r}")
    return Bilingual(zh, en)
