"""Measures screening at a million stolen items on both databases, beside pg_trgm and RapidFuzz; `make bench-matching`.

Recall is told from below. Were everything compared, the true record would be among the ten best only if fewer than ten
of those that *were* compared outweigh it; so the share of these queries whose true record is in our ten best is at most
what an exhaustive comparison would allow. The alert band is exact for the true record: it is compared directly.
"""

import argparse
import json
import os
import random
import resource
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
from tests.bench.loading import SEED, load_stolen_items
from tests.bench.synthetic import noisy_goods_record

POSTGRES = os.environ.get("INSPECT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
_QUERY_SEED, _WARM, _BEST = 2, 50, 10

Result = dict[str, Any]


def queries(count: int, register: int) -> list[tuple[Record, int]]:
    """Fresh noisy goods lines with the id of the stolen item that each of them is."""
    dice = random.Random(5)
    numbers = [dice.randrange(register) for _ in range(count)]
    return [(noisy_goods_record(_QUERY_SEED, n, SEED, number), number + 1) for n, number in enumerate(numbers)]


def measure(app: Flask, database: str, register: int, asked: int) -> Result:
    """Builds the register and screens lines against it."""
    started = time.perf_counter()
    load_stolen_items(app, register)
    build_s = time.perf_counter() - started
    with app.app_context():
        size_mb = _size_mb(app)
        for record, _ in queries(asked + _WARM, register)[asked:]:
            preview(record)
        times = []
        for record, _ in queries(asked, register):
            db.session.rollback()
            times.append(_timed(lambda record=record: preview(record)))
        top, alert = _recall(queries(asked, register))
        rss_mb = _rss_mb()
        db.session.remove()
    result = {"what": "screening", "database": database, "n": register, **_percentiles(times)}
    return {**result, "recall_top10": top, "recall_alert": alert, "build_s": round(build_s, 1),
            "size_mb": round(size_mb), "rss_mb": round(rss_mb)}  # fmt: skip


def _recall(asked: Sequence[tuple[Record, int]]) -> tuple[float, float]:
    matcher = current_matcher()
    reachable = found_top = alerts = found_alerts = 0
    for record, true_id in asked:
        line = matcher.prepare(record)
        ids = find_candidates(STOLEN, {0: line})[0]
        readings = load_readings(STOLEN, {*ids, true_id}, matcher.version)
        corpus = load_corpus([line], readings.values())
        matches = {own: matcher.compare(line, reading.prepared, corpus) for own, reading in readings.items()}
        true = matches[true_id]
        better = sum(matches[own].weight_bits > true.weight_bits for own in ids if own != true_id)
        reachable += better < _BEST
        found_top += better < _BEST and true_id in ids
        alerts += true.band == "alert"
        found_alerts += true.band == "alert" and true_id in ids
    return round(found_top / max(1, reachable), 4), round(found_alerts / max(1, alerts), 4)


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


def _rss_mb() -> float:
    """What this process holds, which loaded the register and keeps nothing of it: an upper bound for a web process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _app(database_url: str = "") -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="bench-matching-") as directory:
        app = create_app(load_settings({"INSPECT_DATA_DIR": directory, "INSPECT_DATABASE_URL": database_url}))
        with app.app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()
        yield app
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
    for size in sizes:
        for result in _measured(size, given.queries, is_last=size == given.n):
            print("  ".join(f"{name}={value}" for name, value in result.items()), flush=True)  # noqa: T201
            if given.out:
                with given.out.open("a") as file:
                    file.write(json.dumps(result) + "\n")


def _measured(size: int, asked: int, *, is_last: bool) -> Iterator[Result]:
    with _app() as app:
        yield measure(app, "sqlite", size, asked)
        with app.app_context():
            rows = db.session.execute(
                text("SELECT id, description || ' ' || brand || ' ' || model || ' ' || colour FROM stolen_item")
            ).all()
    titles = [(own, title.lower()) for own, title in rows]
    few = queries(asked, size)[: 5 if is_last else 20]
    yield measure_ratio(titles, few, size)
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        print(f"PostgreSQL cannot be reached at {POSTGRES}: skipped.", file=sys.stderr)  # noqa: T201
        return
    with _postgres_database() as url, _app(url) as app:
        yield measure(app, "postgresql", size, asked)
        with app.app_context():
            yield measure_trigrams(queries(asked, size)[:100], size)


if __name__ == "__main__":
    main()
