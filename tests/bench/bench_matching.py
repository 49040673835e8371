"""Measures screening at a million stolen items on both databases, beside pg_trgm and RapidFuzz; `make bench-matching`.

Recall is told against `reference`: the share of what an unlimited search finds that screening finds within its budget.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from flask import Flask
from flask_migrate import upgrade
from rapidfuzz import fuzz, process
from sqlalchemy import text

from inspect_app import create_app
from inspect_app.config import load_settings
from inspect_app.extensions import db
from inspect_app.matching import Record
from inspect_app.services.match_index import STOLEN, find_candidates, load_corpus, load_readings
from inspect_app.services.matcher import current_matcher
from inspect_app.services.screening import preview
from tests.bench.bench_batch import measure_batch
from tests.bench.loading import SEED, load_stolen_items
from tests.bench.reference import COMPARED, Expected, Reference
from tests.bench.synthetic import noisy_goods_record

POSTGRES = os.environ.get("INSPECT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
_QUERY_SEED, _WARM, _BEST = 2, 50, 10
# Goods lines and stolen items of the files that are linked.
_BATCH = 10_000, 100_000
# The columns of the table for people, with their widths.
_COLUMNS = {
    "what": 16, "database": 10, "n": 9, "p50_ms": 9, "p95_ms": 9, "p99_ms": 9, "recall_top10": 12, "recall_alert": 12,
    "build_s": 8, "size_mb": 8, "rss_mb": 7,
}  # fmt: skip

Result = dict[str, Any]


def queries(count: int, register: int) -> list[tuple[Record, int]]:
    """Fresh noisy goods lines with the id of the stolen item that each of them is."""
    dice = random.Random(5)
    numbers = [dice.randrange(register) for _ in range(count)]
    return [(noisy_goods_record(_QUERY_SEED, n, SEED, number), number + 1) for n, number in enumerate(numbers)]


def measure(app: Flask, database: str, register: int, asked: int, expected: Sequence[Expected]) -> Result:
    """Screens lines against a register that is loaded."""
    with app.app_context():
        for record, _ in queries(asked + _WARM, register)[asked:]:
            preview(record)
        times = []
        for record, _ in queries(asked, register):
            db.session.rollback()
            times.append(_timed(lambda record=record: preview(record)))
        top, alert = _recall(queries(asked, register), expected)
        size_mb = _size_mb(app)
        db.session.remove()
    result = {"what": "screening", "database": database, "n": register, **_percentiles(times)}
    return {**result, "recall_top10": top, "recall_alert": alert, "size_mb": round(size_mb)}


def expect(app: Flask, asked: Sequence[tuple[Record, int]]) -> list[Expected]:
    """What an unlimited search finds for each line."""
    with app.app_context():
        matcher, reference = current_matcher(), Reference()
        found = [reference.expected(matcher.prepare(record)) for record, _ in asked]
        db.session.remove()
    depths = np.percentile([each.depth for each in found], (50, 95, 100)).astype(int)
    print(f"the tenth best of all was ranked {depths.tolist()} (median, p95, worst) of {COMPARED}", flush=True)  # noqa: T201
    return found


def _recall(asked: Sequence[tuple[Record, int]], expected: Sequence[Expected]) -> tuple[float, float]:
    """Of the true items among the ten best of all, and of all pairs in band alert, the share that screening has."""
    matcher = current_matcher()
    reachable = found_top = alerts = found_alerts = 0
    for (record, true_id), expectation in zip(asked, expected, strict=True):
        line = matcher.prepare(record)
        ids = find_candidates(STOLEN, {0: line})[0]
        readings = load_readings(STOLEN, ids, matcher.version)
        corpus = load_corpus([line], readings.values())
        matches = {own: matcher.compare(line, reading.prepared, corpus) for own, reading in readings.items()}
        alerts += len(expectation.alerts)
        found_alerts += sum(own in matches for own in expectation.alerts)
        if true_id in expectation.best:
            reachable += 1
            # What was compared is a part of all, so a true item among the ten best of all is so here if it is here.
            found_top += true_id in matches
    return round(found_top / max(1, reachable), 4), round(found_alerts / max(1, alerts), 4)


def _web_process_mb(database_url: str, directory: str, register: int) -> float:
    """What a process holds that only answers: it never loaded the register."""
    given = {**os.environ, "INSPECT_DATA_DIR": directory, "INSPECT_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "tests.bench.web_process", str(register)]
    return float(subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout.split()[-1])


def measure_trigrams(asked: Sequence[tuple[Record, int]], register: int) -> Result:
    """The ten likeliest by pg_trgm among the descriptions, with a GIN index and `%`."""
    title = "description || ' ' || brand || ' ' || model || ' ' || colour"
    db.session.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    started = time.perf_counter()
    db.session.execute(text(f"CREATE TABLE titles AS SELECT id, {title} AS title FROM stolen_item"))  # noqa: S608
    db.session.execute(text("CREATE INDEX titles_trgm ON titles USING gin (title gin_trgm_ops)"))
    db.session.commit()
    build_s = time.perf_counter() - started
    query = text("SELECT id FROM titles WHERE title % :title ORDER BY similarity(title, :title) DESC LIMIT 10")
    times, found = [], 0
    for record, true_id in asked:
        given = {"title": _title(record)}
        started = time.perf_counter()
        ids = db.session.scalars(query, given).all()
        times.append((time.perf_counter() - started) * 1000)
        found += true_id in ids
    size = db.session.scalar(text("SELECT pg_indexes_size('titles')")) or 0
    db.session.execute(text("DROP TABLE titles"))
    db.session.commit()
    return {"what": "pg_trgm", "database": "postgresql", "n": register, **_percentiles(times),
            "recall_top10": round(found / len(asked), 4), "recall_alert": None, "build_s": round(build_s, 1),
            "size_mb": round(size / 1e6), "rss_mb": None}  # fmt: skip


def measure_ratio(titles: Sequence[tuple[int, str]], asked: Sequence[tuple[Record, int]], register: int) -> Result:
    """The ten likeliest by an exhaustive `WRatio`; few queries, since each of them takes seconds."""
    times, found = [], 0
    ids, texts = [own for own, _ in titles], [title for _, title in titles]
    for record, true_id in asked:
        started = time.perf_counter()
        scores = process.cdist([_title(record)], texts, scorer=fuzz.WRatio, workers=2, dtype=np.uint8)[0]
        best = np.argsort(-scores.astype(np.int16), kind="stable")[:_BEST]
        times.append((time.perf_counter() - started) * 1000)
        found += true_id in {ids[place] for place in best.tolist()}
    return {"what": "rapidfuzz_wratio", "database": "memory", "n": register, **_percentiles(times),
            "recall_top10": round(found / len(asked), 4), "recall_alert": None, "build_s": 0, "size_mb": None,
            "rss_mb": None}  # fmt: skip


def _title(record: Record) -> str:
    return f"{record.description} {record.brand} {record.model} {record.colour}".lower()


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _percentiles(times: Sequence[float]) -> Result:
    return {f"p{share}_ms": round(float(np.percentile(times, share)), 2) for share in (50, 95, 99)}


def _size_mb(app: Flask) -> float:
    if db.engine.dialect.name == "postgresql":
        return float(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0) / 1e6
    return Path(str(db.engine.url.database)).stat().st_size / 1e6


@contextmanager
def _app(database_url: str = "") -> Iterator[tuple[Flask, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-matching-") as directory:
        app = create_app(load_settings({"INSPECT_DATA_DIR": directory, "INSPECT_DATABASE_URL": database_url}))
        with app.app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()
        yield app, directory
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _postgres_database() -> Iterator[str]:
    name = f"bench_matching_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    """Reads the arguments, measures, tells."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--n", type=int, default=1_000_000)
    reading.add_argument("--queries", type=int, default=500)
    reading.add_argument("--out", type=Path)
    given = reading.parse_args()
    sizes = [size for size in (10_000, 100_000) if size < given.n] + [given.n]
    print(" ".join(f"{name:>{width}}" for name, width in _COLUMNS.items()), flush=True)  # noqa: T201
    for size in sizes:
        for result in _measured(size, given.queries, is_last=size == given.n):
            row = ("" if result.get(name) is None else str(result[name]) for name in _COLUMNS)
            print(" ".join(f"{cell:>{width}}" for cell, width in zip(row, _COLUMNS.values(), strict=True)), flush=True)  # noqa: T201
            if given.out:
                _write(given.out, result)
    for result in measure_batch(*_BATCH):
        print("  ".join(f"{name}={value}" for name, value in result.items()), flush=True)  # noqa: T201
        if given.out:
            _write(given.out, result)


def _write(out: Path, result: Result) -> None:
    with out.open("a") as file:
        file.write(json.dumps(result) + "\n")


def _measured(size: int, asked: int, *, is_last: bool) -> Iterator[Result]:
    with _app() as (app, directory):
        build_s = _timed(lambda: load_stolen_items(app, size)) / 1000
        expected = expect(app, queries(asked, size))
        rss_mb = _web_process_mb("", directory, size)
        figures = measure(app, "sqlite", size, asked, expected)
        yield {**figures, "build_s": round(build_s, 1), "rss_mb": round(rss_mb)}
        with app.app_context():
            rows = db.session.execute(
                text("SELECT id, description || ' ' || brand || ' ' || model || ' ' || colour FROM stolen_item")
            ).all()
    titles = [(own, title.lower()) for own, title in rows]
    few = queries(asked, size)[: 10 if is_last else 20]
    yield measure_ratio(titles, few, size)
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        print(f"PostgreSQL cannot be reached at {POSTGRES}: skipped.", file=sys.stderr)  # noqa: T201
        return
    with _postgres_database() as url, _app(url) as (app, directory):
        build_s = _timed(lambda: load_stolen_items(app, size)) / 1000
        rss_mb = _web_process_mb(url, directory, size)
        figures = measure(app, "postgresql", size, asked, expected)
        yield {**figures, "build_s": round(build_s, 1), "rss_mb": round(rss_mb)}
        with app.app_context():
            yield measure_trigrams(queries(asked, size)[:100], size)


if __name__ == "__main__":
    main()
