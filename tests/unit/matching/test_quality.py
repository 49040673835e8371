"""The floor below which the engine must not fall, on cases with makes that no table knows."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from inspect_app.matching import link
from inspect_app.matching.estimate import brier_score
from tests.unit.matching.cases import KINDS, make_cases

# Other seeds than the one that the built-in weights were trained on.
_SEEDS = (101, 102)
_LEAST_PRECISION = 0.95
_LEAST_RECALL = {"exact_id": 1.0, "noisy_id": 0.97, "partial_id": 0.97, "described_id": 0.95, "distinctive": 0.85}
_LEAST_RECALL_AT_5 = {"plain": 0.9, "bulk": 0.85}
_MOST_BRIER = 0.05


def test_the_engine_gets_no_worse() -> None:
    alerts = hits = 0
    found: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    said: list[float] = []
    true: list[float] = []
    for seed in _SEEDS:
        cases = make_cases(seed, stolen=500, goods=2000)
        best: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for match in link(cases.goods, cases.stolen):
            pair = match.goods_ref, match.stolen_ref
            best[match.goods_ref].append((-match.weight_bits, match.stolen_ref))
            said.append(match.probability)
            true.append(float(pair in cases.gold))
            if match.band == "alert":
                alerts += 1
                hits += pair in cases.gold
                found[cases.gold.get(pair, "false")] += 1
        for (goods_ref, stolen_ref), kind in cases.gold.items():
            all_of[kind] += 1
            listed[kind] += stolen_ref in [ref for _, ref in sorted(best[goods_ref])[:5]]
    assert set(all_of) == set(KINDS)
    assert hits / alerts >= _LEAST_PRECISION
    recall = {kind: found[kind] / all_of[kind] for kind in _LEAST_RECALL}
    assert all(recall[kind] >= least for kind, least in _LEAST_RECALL.items()), recall
    recall_at_5 = {kind: listed[kind] / all_of[kind] for kind in _LEAST_RECALL_AT_5}
    assert all(recall_at_5[kind] >= least for kind, least in _LEAST_RECALL_AT_5.items()), recall_at_5
    assert brier_score(np.array(said), np.array(true)) <= _MOST_BRIER
