"""Every weight of the matcher, in bits, in one table.

A weight is log2 of how much likelier a level is for a true pair than for a chance pair: +3 makes a match eight
times likelier, -3 eight times less likely, 0 (blank) says nothing. Where agreement counts by rarity, the table gives
the share of the rarity that counts and its cap. Change a number, and MATCHER_VERSION with it: stored alerts keep the
components that they were made from, so an old alert can still be explained.
"""

from __future__ import annotations

from typing import Final

MATCHER_VERSION: Final = "1.0"

# The chance that a goods line is in the register of stolen items at all, and the smallest register to reckon with.
GOODS_STOLEN_RATE: Final = 0.08
SMALLEST_REGISTER: Final = 1000

# Bands: an alert needs a probability and enough in common between the things themselves.
ALERT_PROBABILITY: Final = 0.65
ALERT_EVIDENCE_BITS: Final = 8.0
POSSIBLE_PROBABILITY: Final = 0.01
POSSIBLE_EVIDENCE_BITS: Final = 6.0

LEVELS: Final[dict[str, dict[str, float]]] = {
    "identifier": {
        "exact": 22.0,
        "look_alike": 20.0,
        "edit_1": 16.0,
        "edit_2": 11.0,
        "partial_per_character": 2.2,
        "partial_cap": 14.0,
        "contradiction": -9.0,
        "contradiction_doubtful": -5.0,
    },
    "make": {
        "agree": 1.0,
        "near": 0.7,
        "abbreviation": 0.5,
        "in_text": 0.8,
        "cap": 6.0,
        "differ": -6.0,
        "unknown_differ": -2.0,
    },
    "model": {
        "exact": 1.0,
        "alias": 0.9,
        "partial": 0.75,
        "edit": 0.5,
        "cap": 13.0,
        "vague_cap": 5.0,
        "word_differs": -2.0,
        "number_differs": -6.0,
        "differ": -5.0,
    },
    "text": {"strong": 0.6, "fair": 0.45, "weak": 0.3, "cap": 9.0, "none_in_common": -3.0},
    "marks": {"exact": 1.0, "near": 0.8, "cap": 9.0, "differ": -1.0},
    "colour": {"shade": 1.0, "family": 0.85, "cap": 4.0, "differ": -4.0},
    "category": {"agree": 0.1, "agree_alone": 0.9, "cap": 4.0, "differ": -4.0},
    "weight": {"fits": 4.0, "near": 1.5, "more": -4.0, "differ": -3.5},
    "quantity": {"agree": 2.5, "fewer": 0.0, "more": -2.0},
    "price": {"far_under": 0.5, "under": 0.8, "like": 0.0, "over": -1.5, "far_over": -4.0},
    "time": {
        "same_days": 5.5,
        "same_week": 4.0,
        "fortnight": 2.5,
        "month": 0.5,
        "quarter": -1.5,
        "later": -3.0,
        "before_theft": -10.0,
    },
    "place": {"very_near": 1.5, "near": 1.0, "same_town": 0.0, "far": -1.0, "elsewhere": -2.0},
}

# How many days after the theft each level of `time` reaches.
TIME_LIMITS_DAYS: Final = (
    ("same_days", 3.0),
    ("same_week", 7.0),
    ("fortnight", 14.0),
    ("month", 30.0),
    ("quarter", 90.0),
)
# A clock that is a few hours off, or a theft noticed late, does not make a match impossible.
BEFORE_THEFT_TOLERANCE_DAYS: Final = 0.25
PLACE_LIMITS_KM: Final = (("very_near", 3.0), ("near", 6.0), ("same_town", 12.0), ("far", 40.0))
