"""The matching engine: is this goods line the thing that somebody reported stolen?

Pure Python and RapidFuzz: frozen records in, scored and explained matches out. `docs/matching.md` tells how it weighs.
"""

from inspect_app.matching.corpus import Corpus, MemoryCorpus
from inspect_app.matching.engine import compare
from inspect_app.matching.keys import descriptive_keys, index_keys, search_keys
from inspect_app.matching.linkage import link
from inspect_app.matching.prepare import Prepared, prepare
from inspect_app.matching.records import Identifier, Record
from inspect_app.matching.results import Component, Match
from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights, WeightsRefused, load_weights, newest_version

__all__ = [
    "BUILT_IN_WEIGHTS",
    "Component",
    "Corpus",
    "Identifier",
    "Match",
    "MemoryCorpus",
    "Prepared",
    "Record",
    "Weights",
    "WeightsRefused",
    "compare",
    "descriptive_keys",
    "index_keys",
    "link",
    "load_weights",
    "newest_version",
    "prepare",
    "search_keys",
]
