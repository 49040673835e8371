"""Pairs to compare, with all that their comparison depends on, so that any process can do it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inspect_app.matching.corpus import MemoryCorpus
from inspect_app.matching.engine import compare
from inspect_app.matching.prepare import Prepared
from inspect_app.matching.results import Match
from inspect_app.matching.weights import Weights

# Id of the goods line, id of the stolen item.
IdPair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Goods lines and stolen items by their ids, the pairs of them to compare, and how common their keys are.

    ``told_anyway``: the pairs whose match is wanted even where it is dropped.
    """

    goods: Mapping[int, Prepared]
    stolen: Mapping[int, Prepared]
    pairs: Sequence[IdPair]
    told_anyway: Collection[IdPair]
    corpus: MemoryCorpus
    weights: Weights


@dataclass(frozen=True, slots=True)
class Comparing:
    """Where batches are compared: ``run`` gives for each of them, in any order, what ``compare_batch`` gives.

    ``most_records``: how many records one batch looks for partners of; 0 is all of them.
    """

    run: Callable[[Iterable[Batch]], Iterable[dict[IdPair, Match]]]
    most_records: int = 0


def compare_batch(batch: Batch) -> dict[IdPair, Match]:
    """The matches in a band, and those told anyway; what it gives depends on nothing but what it is given."""
    found = {}
    for pair in batch.pairs:
        match = compare(batch.goods[pair[0]], batch.stolen[pair[1]], batch.corpus, batch.weights)
        # Most pairs are dropped, and their matches would be most of what has to travel back.
        if match.band != "dropped" or pair in batch.told_anyway:
            found[pair] = match
    return found


def _compare_here(batches: Iterable[Batch]) -> Iterable[dict[IdPair, Match]]:
    return map(compare_batch, batches)


COMPARED_HERE: Final = Comparing(_compare_here)
