"""docs/operations.md lists every setting with the default that the code has."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from inspect_app.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `INSPECT_(\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def _listed() -> dict[str, str]:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    return {name: default for name, default, _purpose in ROW.findall(text)}


def test_the_list_is_complete_and_has_nothing_else() -> None:
    assert PREFIX == "INSPECT_"
    assert list(_listed()) == [setting.name.upper() for setting in fields(Settings)]


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_default(setting) -> None:
    listed = _listed()[setting.name.upper()]
    assert setting.default is not MISSING
    if isinstance(setting.default, Path):
        assert listed.startswith(f"`{setting.default.relative_to(ROOT)}`")
    elif setting.default == "":
        assert not listed.startswith("`")
    else:
        shown = str(setting.default).lower() if isinstance(setting.default, bool) else str(setting.default)
        assert listed == f"`{shown}`"
