"""docs/architecture.md names files and functions that exist: a renamed one must be renamed there too."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
FILES = sorted(set(re.findall(r"`((?:inspect_app|templates)/[\w/]+\.(?:py|html))`", TEXT)))
FUNCTIONS = sorted(set(re.findall(r"`(\w+)\(\)`", TEXT)))


@pytest.fixture(scope="module")
def defined() -> set[str]:
    """The name of every function in the package."""
    names: set[str] = set()
    for path in (ROOT / "inspect_app").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return names


@pytest.mark.parametrize("path", FILES)
def test_file_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_is_there(name: str, defined: set[str]) -> None:
    assert name in defined


def test_links_lead_somewhere() -> None:
    assert len(FILES) > 10
    assert len(FUNCTIONS) > 20
    for document in (ROOT / "docs").rglob("*.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).is_file(), f"{document.name} links to {target}"
