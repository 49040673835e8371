"""Linking two files from the shell: what is read, what is refused, what is written."""

import csv
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from inspect_app.services.linking import LinkFileRefused, read_link_file

HEADER = "ref,category,description,brand,model,colour,identifiers,quantity,unit,weight_g,value,occurred_at,lat,lng"
STOLEN = [
    "S1,phone,华为手机一部,华为,Mate 60,黑,imei=860123456789014,1,件,,4000,2026-05-01T10:00,30.39,114.89",
    "S2,ebike,雅迪冠能T5 银灰 电动车,雅迪,冠能T5,银灰,frame=921188244410652,1,件,,2800,2026-05-02T08:00,30.40,114.88",
]
GOODS = [
    "G1,phone,HUAWEI 手机,,,,imei=8601 2345 6789 014,1,件,,900,2026-05-03T12:00,30.41,114.90",
    "G2,other,旧书一批,,,,,1,批,,20,2026-05-03T12:00,30.41,114.90",
]


def write(path: Path, rows: list[str], header: str = HEADER, encoding: str = "utf-8-sig") -> Path:
    path.write_bytes(("\r\n".join([header, *rows]) + "\r\n").encode(encoding))
    return path


@pytest.fixture
def run(web_app: Flask, tmp_path: Path):  # type: ignore[no-untyped-def]
    def _run(stolen: Path, goods: Path, out: Path | None = None) -> Result:
        arguments = ["match", "link", "--stolen", stolen, "--goods", goods, "--out", out or tmp_path / "links.csv"]
        return web_app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])

    return _run


def links(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_writes_the_links(run, tmp_path: Path, encoding: str) -> None:  # type: ignore[no-untyped-def]
    stolen = write(tmp_path / "stolen.csv", STOLEN, encoding=encoding)
    result = run(stolen, write(tmp_path / "goods.csv", GOODS, encoding=encoding))
    assert result.exit_code == 0, result.output
    found = links(tmp_path / "links.csv")
    assert [(row["goods_ref"], row["stolen_ref"], row["band"]) for row in found] == [("G1", "S1", "alert")]
    assert float(found[0]["score"]) > 5
    assert "identifier:imei exact" in found[0]["reason"]
    assert "1 alerts" in result.stderr


def test_reads_every_column(tmp_path: Path) -> None:
    record = read_link_file(write(tmp_path / "stolen.csv", STOLEN)).records[1]
    assert (record.ref, record.brand, record.model, record.colour) == ("S2", "雅迪", "冠能T5", "银灰")
    assert [(found.kind, found.value) for found in record.identifiers] == [("frame", "921188244410652")]
    assert (record.value_fen, record.lat, record.lng) == (280_000, 30.40, 114.88)
    assert record.happened_from is not None
    assert record.happened_from.isoformat() == "2026-05-02T00:00:00+00:00"


def test_a_missing_column_is_named(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    stolen = write(tmp_path / "stolen.csv", ["S1,phone"], header="ref,category")
    result = run(stolen, write(tmp_path / "goods.csv", GOODS))
    assert result.exit_code == 2
    assert "description" in result.stderr
    assert not (tmp_path / "links.csv").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"%PDF-1.7 \x00\x01\x02" * 50, "not_a_table"), (b"<html><body>no</body></html>", "web_page")],
)
def test_a_broken_file_is_refused(run, tmp_path: Path, content: bytes, code: str) -> None:  # type: ignore[no-untyped-def]
    broken = tmp_path / "broken.csv"
    broken.write_bytes(content)
    with pytest.raises(LinkFileRefused) as caught:
        read_link_file(broken)
    assert caught.value.code == code
    assert run(broken, write(tmp_path / "goods.csv", GOODS)).exit_code == 2


def test_a_file_that_is_not_there(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = run(tmp_path / "nothing.csv", write(tmp_path / "goods.csv", GOODS))
    assert result.exit_code == 2
    assert "no such file" in result.stderr


def test_bad_rows_are_told_and_good_ones_taken(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bad = [
        ",phone,手机,,,,,1,件,,,,,",
        "S4,phone,,,,,,1,件,,,,,",
        "S5,phone,苹果手机,,,,,many,件,,cheap,yesterday,95,114",
        "S1,phone,又一部手机,,,,,1,件,,,,,",
    ]
    stolen = write(tmp_path / "stolen.csv", [*STOLEN, *bad])
    read = read_link_file(stolen)
    assert [record.ref for record in read.records] == ["S1", "S2", "S5", "S1"]
    assert read.refused_count == 2
    told = {(problem.row, problem.column, problem.code) for problem in read.problems}
    assert told == {
        (4, "ref", "no_ref"),
        (5, "description", "nothing_described"),
        (6, "quantity", "not_a_number"),
        (6, "value", "not_a_number"),
        (6, "lat", "number_out_of_range"),
        (6, "occurred_at", "not_a_date"),
        (7, "ref", "doubled_ref"),
    }
    result = run(stolen, write(tmp_path / "goods.csv", GOODS))
    assert result.exit_code == 0
    assert "4 stolen rows taken, 2 refused" in result.stderr
    assert "row 5, description: nothing_described (row refused)" in result.stderr


def test_the_links_never_overwrite_what_they_are_made_from(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    stolen, goods = write(tmp_path / "stolen.csv", STOLEN), write(tmp_path / "goods.csv", GOODS)
    before = goods.read_bytes()
    assert run(stolen, goods, goods).exit_code == 2
    assert run(stolen, goods, tmp_path / "no" / "links.csv").exit_code == 2
    assert goods.read_bytes() == before
