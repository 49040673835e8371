"""The import command: counts, exit codes, the file of refused rows."""

import csv
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import StolenItem
from inspect_app.reference.mappings import preset, to_toml
from tests.factories.sheets import csv_file, row


def _run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["import", "stolen", *map(str, arguments)])


def test_a_file_is_imported_and_its_refused_rows_are_written(web_app: Flask, tmp_path: Path) -> None:
    file, refused = tmp_path / "被盗.csv", tmp_path / "refused.csv"
    file.write_bytes(csv_file([row(1), row(2, ref="", description="=1+1", brand="甲,乙"), row(3)]))
    result = _run(web_app, file, "--mapping", "common", "--refused", refused)
    assert result.exit_code == 0, result.output
    assert "3 rows in 4 lines: 2 accepted, 1 refused, 0 repeated" in result.output
    assert db.session.query(StolenItem).count() == 2
    with refused.open(encoding="utf-8-sig", newline="") as lines:
        header, line = list(csv.reader(lines))
    assert header[-3:] == ["Row", "Reason", "Column"]
    assert line[2:4] == ["'=1+1", "甲,乙"], "what looks like a formula must come out as text"
    assert line[-3:] == ["3", "The cell is a formula; turn it into a value and import again", "description"]
    assert "2 repeated" in _run(web_app, file, "--mapping", "common").output


def test_a_mapping_may_be_a_file(web_app: Flask, tmp_path: Path) -> None:
    file, mapping = tmp_path / "a.csv", tmp_path / "mine.toml"
    file.write_bytes(csv_file([row(1)]))
    mapping.write_text(to_toml(preset("common")), "utf-8")
    assert _run(web_app, file, "--mapping", mapping).exit_code == 0


@pytest.mark.parametrize(
    ("content", "mapping", "message"),
    [
        (b"%PDF-1.7", "common", "Not a table"),
        (b"", "common", "The file is empty"),
        (csv_file([row(1)]), "no-such-mapping", "There is no such preset mapping"),
        (csv_file([row(1)]), "toronto_bikes", "no column for: report_number, occurred_from"),
        (csv_file([row(1)]), "broken.toml", "Not a valid TOML file"),
    ],
)
def test_what_cannot_be_used_is_told_with_exit_code_2(
    web_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, mapping: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_bytes(content)
    Path("broken.toml").write_text("= =", "utf-8")
    result = _run(web_app, "a.csv", "--mapping", mapping)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
