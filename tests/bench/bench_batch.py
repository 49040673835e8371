"""Links whole files, and has Splink link the same records; `python -m tests.bench.bench_batch`.

Every goods line is made of a stolen item, as a hurried clerk would write it. Both are timed end to end from records in
memory. Recall is the share of goods lines whose true stolen item is among their ten best: of ours by the weight of the
pairs before bands are drawn, without their rivals (`find_pairs`); of Splink by the match weight of its predictions.
"""

import argparse
import gc
import json
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from inspect_app.matching import Record
from inspect_app.matching.linkage import find_pairs, link
from inspect_app.matching.text import normalise
from tests.bench.loading import SEED
from tests.bench.synthetic import noisy_goods_record, stolen_record

_GOODS_SEED: Final = 3
_BEST: Final = 10
_THREADS: Final = 2
_WORDS: Final = ("category", "description", "brand", "model", "colour", "marks")
_SCHEMA: Final = pa.schema(
    [("unique_id", pa.string())]
    + [(name, pa.string()) for name in (*_WORDS, "identifier")]
    + [("lat", pa.float64()), ("lng", pa.float64()), ("day", pa.float64()), ("fortnight", pa.int32())]
)

Result = dict[str, object]
# The truth: by reference of the goods line that of the stolen item that it is.
Truth = dict[str, str]


def measure_batch(goods_count: int, stolen_count: int) -> list[Result]:
    """Seconds, recall, pairs weighed and the highest resident memory (MB) of both, on the same records.

    Ours runs before Splink, since the peak of memory of a process never falls; its workers' peak is added to it.
    """
    goods, stolen, truth = make_files(goods_count, stolen_count)
    return [_measure_link(goods, stolen, truth), _measure_splink(goods, stolen, truth)]


def make_files(goods_count: int, stolen_count: int) -> tuple[list[Record], list[Record], Truth]:
    """Stolen items, goods lines that are some of them, and which is which."""
    dice = random.Random(11)
    numbers = [dice.randrange(stolen_count) for _ in range(goods_count)]
    stolen = [stolen_record(SEED, number) for number in range(stolen_count)]
    goods = [noisy_goods_record(_GOODS_SEED, place, SEED, number) for place, number in enumerate(numbers)]
    return goods, stolen, {line.ref: stolen[number].ref for line, number in zip(goods, numbers, strict=True)}


def _measure_link(goods: list[Record], stolen: list[Record], truth: Truth) -> Result:
    seconds = _timed(lambda: sum(1 for _ in link(goods, stolen)))
    rss_mb = _rss_mb(resource.RUSAGE_SELF) + _rss_mb(resource.RUSAGE_CHILDREN)
    pairs = [
        (goods[line].ref, stolen[item].ref, float(weight_bits)) for line, item, weight_bits in find_pairs(goods, stolen)
    ]
    return _result("link", "memory", len(stolen), seconds, pairs, truth, rss_mb)


def _measure_splink(goods: list[Record], stolen: list[Record], truth: Truth) -> Result:
    gc.collect()
    found: list[tuple[str, str, float]] = []
    seconds = _timed(lambda: found.extend(_splink_pairs(goods, stolen)))
    return _result("splink", "duckdb", len(stolen), seconds, found, truth, _rss_mb(resource.RUSAGE_SELF))


def _splink_pairs(goods: list[Record], stolen: list[Record]) -> list[tuple[str, str, float]]:
    """The ten best predictions of every goods line by Splink, trained on these records without labels."""
    connection = duckdb.connect(":memory:", config={"threads": _THREADS})
    api = DuckDBAPI(connection=connection)
    tables = [
        api.register(_table(goods), dataset_display_name="goods"),
        api.register(_table(stolen), dataset_display_name="stolen"),
    ]
    linker = Linker(tables, _settings(), log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("identifier")], recall=0.3)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    for rule in (block_on("brand", "model"), block_on("identifier")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict().physical_name
    best = connection.sql(f"""
        SELECT unique_id_l, unique_id_r, match_weight FROM {predicted}
        QUALIFY row_number() OVER (PARTITION BY unique_id_l ORDER BY match_weight DESC, unique_id_r) <= {_BEST}
    """)  # noqa: S608
    return best.fetchall()


def _settings() -> SettingsCreator:
    after_theft = {
        "output_column_name": "days_after_theft",
        "comparison_levels": [
            cll.CustomLevel("day_l IS NULL OR day_r IS NULL").configure(is_null_level=True),
            cll.CustomLevel("day_l - day_r < -1").configure(label_for_charts="before"),
            cll.CustomLevel("day_l - day_r <= 7").configure(label_for_charts="a week"),
            cll.CustomLevel("day_l - day_r <= 30").configure(label_for_charts="a month"),
            cll.CustomLevel("day_l - day_r <= 90").configure(label_for_charts="a quarter"),
            cll.ElseLevel(),
        ],
    }
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("brand", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("model", [0.95, 0.85]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("identifier", [1, 2]),
            cl.JaroWinklerAtThresholds("description", [0.9, 0.75]),
            cl.JaroWinklerAtThresholds("marks", [0.85]),
            cl.ExactMatch("colour"),
            cl.ExactMatch("category"),
            cl.DistanceInKMAtThresholds("lat", "lng", [2, 5, 15]),
            after_theft,
        ],
        blocking_rules_to_generate_predictions=[
            block_on("identifier"),
            block_on("right(identifier, 6)"),
            block_on("brand", "model"),
            block_on("model", "category"),
            block_on("brand", "colour", "category", "fortnight"),
            block_on("colour", "category", "fortnight"),
            block_on("marks", "category"),
        ],
        retain_matching_columns=False,
    )


def _table(records: Sequence[Record]) -> pa.Table:
    """The records with their words in lower case and simplified characters; what is blank is NULL."""
    rows = []
    for record in records:
        words = {name: normalise(getattr(record, name)) or None for name in _WORDS}
        day = None if record.happened_to is None else record.happened_to.timestamp() / 86_400
        number = record.identifiers[0].value.upper() if record.identifiers else None
        rows.append({"unique_id": record.ref, **words, "identifier": number, "lat": record.lat, "lng": record.lng,
                     "day": day, "fortnight": None if day is None else int(day // 14)})  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _result(
    what: str,
    database: str,
    stolen_count: int,
    seconds: float,
    pairs: Iterable[tuple[str, str, float]],
    truth: Truth,
    rss_mb: float,
) -> Result:
    best: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for line, item, weight_bits in pairs:
        best[line].append((-weight_bits, item))
    found = sum(true in [item for _, item in sorted(best[line])[:_BEST]] for line, true in truth.items())
    return {"what": what, "database": database, "n": stolen_count, "seconds": round(seconds, 2),
            "recall_top10": round(found / max(1, len(truth)), 4), "pairs": sum(map(len, best.values())),
            "rss_mb": round(rss_mb)}  # fmt: skip


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _rss_mb(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """Prints one line of JSON for each of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goods", type=int, default=10_000)
    parser.add_argument("--stolen", type=int, default=100_000)
    arguments = parser.parse_args()
    for result in measure_batch(arguments.goods, arguments.stolen):
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
