"""What comparing everything would find: the yardstick for what a search within a budget finds.

Half a billion pairs cannot be compared one by one in a test run. So all of the register is weighed by the estimate that
ranks candidates, with every key and without any budget, and the likeliest `COMPARED` are compared. How deep among them
the ten best were found (`Expected.depth`) tells whether that was deep enough; in a small register all are compared.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import text

from inspect_app.extensions import db
from inspect_app.matching import BUILT_IN_WEIGHTS, Match, Prepared
from inspect_app.matching.keys import search_plan
from inspect_app.matching.ranking import GROUPS, estimate_bits, key_bits, shared_bits
from inspect_app.matching.traits import pack_traits, unpack_traits
from inspect_app.services.match_index import STOLEN, load_corpus, load_readings
from inspect_app.services.matcher import current_matcher

COMPARED: Final = 1_000
BEST: Final = 10
_CHUNK: Final = 20_000


@dataclass(frozen=True, slots=True)
class Expected:
    """The ten best by weight, ties with the tenth included; those in band alert; how deep the ten were ranked."""

    best: frozenset[int]
    alerts: frozenset[int]
    depth: int


class Reference:
    """The whole register in arrays, read from the database of the application: about 900 bytes an item."""

    def __init__(self) -> None:
        keys, owners, ids, traits = [], [], [], []
        query = text(
            "SELECT r.record_id, t.packed, r.search_keys FROM match_filing r JOIN match_traits t"
            " ON t.side = r.side AND t.record_id = r.record_id WHERE r.side = 1 AND r.record_id > :last"
            " ORDER BY r.record_id LIMIT :most"
        )
        last = 0
        while rows := db.session.execute(query, {"last": last, "most": _CHUNK}).all():
            last = rows[-1][0]
            found = [np.frombuffer(row[2], dtype="<i8") for row in rows]
            keys.append(np.concatenate(found))
            owners.append(np.repeat(np.arange(len(ids), len(ids) + len(rows)), [len(own) for own in found]))
            owners[-1] = owners[-1].astype(np.int32)
            ids += [row[0] for row in rows]
            traits.append(b"".join(bytes(row[1]) for row in rows))
        order = np.argsort(np.concatenate(keys), kind="stable")
        self._keys = np.concatenate(keys)[order]
        self._owners = np.concatenate(owners)[order]
        self._ids = np.array(ids)
        self._traits = unpack_traits(traits)

    def expected(self, line: Prepared) -> Expected:
        """What an unlimited search would find for a goods line."""
        matcher = current_matcher()
        ranked = self._ranked(line)[:COMPARED]
        readings = load_readings(STOLEN, ranked, matcher.version)
        corpus = load_corpus([line], readings.values())
        matches: dict[int, Match] = {own: matcher.compare(line, readings[own].prepared, corpus) for own in ranked}
        weights = sorted((match.weight_bits for match in matches.values()), reverse=True)
        least = weights[min(BEST, len(weights)) - 1]
        best = frozenset(own for own, match in matches.items() if match.weight_bits >= least)
        alerts = frozenset(own for own, match in matches.items() if match.band == "alert")
        return Expected(best, alerts, max(place for place, own in enumerate(ranked) if own in best))

    def _ranked(self, line: Prepared) -> list[int]:
        plan = search_plan(line)
        starts = np.searchsorted(self._keys, [found.key for found in plan], side="left")
        ends = np.searchsorted(self._keys, [found.key for found in plan], side="right")
        owners = np.concatenate([self._owners[start:end] for start, end in zip(starts, ends, strict=True)])
        documents = load_document_counts([found.rarity_of for found in plan])
        bits = [key_bits(found, documents, len(self._ids), BUILT_IN_WEIGHTS) for found in plan]
        lengths = ends - starts
        groups = np.repeat([GROUPS[found.told] for found in plan], lengths)
        shared = shared_bits(len(self._ids), owners.astype(np.int64), groups, np.repeat(bits, lengths))
        own = unpack_traits([pack_traits(line)])
        estimate = estimate_bits(shared, own, self._traits, BUILT_IN_WEIGHTS)
        likeliest = np.argpartition(-estimate, min(COMPARED, len(estimate) - 1))[:COMPARED]
        likeliest = likeliest[np.argsort(-estimate[likeliest], kind="stable")]
        return [int(self._ids[place]) for place in likeliest]


def load_document_counts(keys: list[int]) -> dict[int, int]:
    """How many records have each key whose counts are kept."""
    query = text("SELECT goods + stolen FROM match_key_count WHERE key_hash = :key")
    found = {key: db.session.scalar(query, {"key": key}) for key in dict.fromkeys(keys)}
    return {key: count for key, count in found.items() if count}
