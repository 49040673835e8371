"""A matcher: the words and the weights that belong together, under one version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from inspect_app.matching.aliases import BUILT_IN_BOOK, AliasBook
from inspect_app.matching.corpus import Corpus
from inspect_app.matching.engine import compare
from inspect_app.matching.prepare import Prepared, prepare
from inspect_app.matching.records import Record
from inspect_app.matching.results import Match
from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights


@dataclass(frozen=True, eq=False)
class Matcher:
    """Reads records with one book of words and weighs pairs with one table of weights; it never changes."""

    book: AliasBook
    weights: Weights

    @cached_property
    def version(self) -> str:
        """``<version of the weights>+<version of the words>``, which every match that it makes carries."""
        return f"{self.weights.version}+{self.book.version}"

    def prepare(self, record: Record) -> Prepared:
        """The record as every comparison and every key reads it; as `prepare.prepare`."""
        return prepare(record, self.book)

    def compare(self, goods: Prepared, stolen: Prepared, corpus: Corpus) -> Match:
        """The scored and explained match of two records that this matcher prepared; as `engine.compare`."""
        return compare(goods, stolen, corpus, self.signed_weights)

    @cached_property
    def signed_weights(self) -> Weights:
        """The weights under the matcher's own version: what `engine.compare` needs of the matcher."""
        return replace(self.weights, version=self.version)


BUILT_IN: Final = Matcher(BUILT_IN_BOOK, BUILT_IN_WEIGHTS)
