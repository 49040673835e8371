"""What a record is in a few numbers of one size, so that a whole pool of candidates is weighed at once (`ranking`)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from math import nan
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


@lru_cache(maxsize=10_000)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big") | 1


@lru_cache(maxsize=10_000)
def _bit(word: str) -> int:
    return 1 << (_number(word) >> 1) % 32
