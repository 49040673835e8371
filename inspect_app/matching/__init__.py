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
from inspect_app.matching.weights import MATCHER_VERSION

__all__ = [
    "MATCHER_VERSION",
    "Component",
    "Corpus",
    "Identifier",
    "Match",
    "MemoryCorpus",
    "Prepared",
    "Record",
    "compare",
    "descriptive_keys",
    "index_keys",
    "link",
    "prepare",
    "search_keys",
]
