"""What a record is in a few numbers of one size, so that a whole pool of candidates is weighed at once (`ranking`)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from math import log2, nan
from typing import Final

import numpy as np
import numpy.typing as npt

from inspect_app.matching.identifiers import FAMILIES
from inspect_app.matching.prepare import Prepared

TRAITS: Final = np.dtype(
    [
        ("day_from", "<f8"), ("day_to", "<f8"), ("lat", "<f4"), ("lng", "<f4"), ("value", "<f4"), ("weight", "<f4"),
        ("quantity", "<f4"), ("colours", "<u4"), ("families", "<u4"), ("category", "<u4"),
    ]
)  # fmt: skip
# The entries of a hint, and how many bits each of them has.
_HINT: Final = {"day": 15, "span": 4, "lat": 14, "lng": 15, "value": 6, "colours": 9}
_CELLS_A_DEGREE: Final = 80
_PACKED: Final = struct.Struct("<ddfffffIII")

Traits = npt.NDArray[np.void]


def pack_traits(record: Prepared) -> bytes:
    """The traits of a record as the bytes of one element of `TRAITS`; what is not known is NaN or 0."""
    families = 0
    for identifier in record.identifiers:
        families |= _bit(FAMILIES.get(identifier.kind, identifier.kind))
    colours = 0
    for family in record.colours:
        colours |= _bit(family)
    return _PACKED.pack(
        nan if record.day_from is None else record.day_from,
        nan if record.day_to is None else record.day_to,
        nan if record.lat is None else record.lat,
        nan if record.lng is None else record.lng,
        record.value_fen or nan,
        record.weight_g or nan,
        nan if record.quantity is None else record.quantity,
        colours,
        families,
        _number(record.category) if record.category else 0,
    )


def unpack_traits(packed: Sequence[bytes]) -> Traits:
    """Packed traits as one array."""
    return np.frombuffer(b"".join(packed), dtype=TRAITS)


def pack_hint(record: Prepared) -> int:
    """The coarsest traits of a record in 63 bits, small enough to stand beside each of its keys.

    From the highest bit, as `_HINT` says: the last day since 1970, the days that the range of time spans, latitude and
    longitude in 80ths of a degree, the value in half powers of two, the colours. What is not known is 0.
    """
    day = 0 if record.day_to is None else int(record.day_to)
    entries = {
        "day": day if 0 < day < 1 << _HINT["day"] else 0,
        "span": 0 if record.day_from is None else max(0, day - int(record.day_from)),
        "lat": 0 if record.lat is None else max(1, round((record.lat + 90) * _CELLS_A_DEGREE)),
        "lng": 0 if record.lng is None else max(1, round((record.lng + 180) * _CELLS_A_DEGREE)),
        "value": round(2 * log2(record.value_fen)) if record.value_fen and record.value_fen > 1 else 0,
        "colours": 0,
    }
    for family in record.colours:
        entries["colours"] |= 1 << (_number(family) >> 1) % _HINT["colours"]
    hint = 0
    for name, bits in _HINT.items():
        hint = hint << bits | min(entries[name], (1 << bits) - 1)
    return hint


def unpack_hints(hints: npt.NDArray[np.int64]) -> Traits:
    """Hints as traits, to within half a cell, blank in all that a hint does not hold."""
    entries, rest = {}, hints.copy()
    for name, bits in reversed(_HINT.items()):
        entries[name] = rest & (1 << bits) - 1
        rest >>= bits
    traits = np.zeros(len(hints), dtype=TRAITS)
    traits["day_to"] = np.where(entries["day"] > 0, entries["day"] + 0.5, nan)
    traits["day_from"] = traits["day_to"] - entries["span"]
    traits["lat"] = np.where(entries["lat"] > 0, entries["lat"] / _CELLS_A_DEGREE - 90, nan)
    traits["lng"] = np.where(entries["lng"] > 0, entries["lng"] / _CELLS_A_DEGREE - 180, nan)
    traits["value"] = np.where(entries["value"] > 0, np.exp2(entries["value"] / 2), nan)
    traits["weight"] = traits["quantity"] = nan
    traits["colours"] = entries["colours"]
    return traits


@lru_cache(maxsize=10_000)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big") | 1


@lru_cache(maxsize=10_000)
def _bit(word: str) -> int:
    return 1 << (_number(word) >> 1) % 32
