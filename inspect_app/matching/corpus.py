"""How common things are: agreement on what is rare says more than agreement on what everybody owns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights


class Corpus(Protocol):
    """Document counts of keys, and the sizes that the prior and the rarity need."""

    @property
    def document_count(self) -> int:
        """How many records the counts were taken over."""

    @property
    def stolen_count(self) -> int:
        """How many stolen items a goods line is compared with."""

    def count(self, key: int) -> int:
        """How many records emitted the key; 0 where it is not known."""


class MemoryCorpus:
    """A corpus that holds its counts in memory."""

    def __init__(self, counts: dict[int, int], document_count: int, stolen_count: int) -> None:
        self._counts = counts
        self.document_count = document_count
        self.stolen_count = stolen_count

    @classmethod
    def of(cls, keys_by_record: Iterable[tuple[int, ...]], stolen_count: int) -> MemoryCorpus:
        """The corpus of records given by their keys (each record's keys are distinct)."""
        counts: Counter[int] = Counter()
        documents = 0
        for keys in keys_by_record:
            counts.update(keys)
            documents += 1
        return cls(dict(counts), documents, stolen_count)

    def count(self, key: int) -> int:
        """How many records emitted the key."""
        return self._counts.get(key, 0)


def rarity_bits(corpus: Corpus, *keys: int, among: int | None = None, weights: Weights = BUILT_IN_WEIGHTS) -> float:
    """How many bits it says that two records share one of the keys: log2 of one over their share of the records.

    `among` is a key that limits the records the share is taken of, such as those that name a colour at all.

    The pair itself is left out of the count: a code that only these two records have is as rare as can be.
    A small corpus knows little about rarity, so it is reckoned as if it had `smallest_register` records.
    """
    documents = corpus.document_count if among is None else corpus.count(among)
    count = sum(corpus.count(key) for key in dict.fromkeys(keys))
    return math.log2((max(documents, weights.smallest_register) + 2) / (max(count - 2, 0) + 0.5))
