"""The keys under which a record is filed: stable 64-bit numbers that two records of one thing have in common.

Keys find the candidates, and their counts tell how common a token is. At most about fifty a record. A key never depends
on the process, the order of a dictionary or the platform.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from inspect_app.matching.prepare import Prepared, PreparedIdentifier
from inspect_app.matching.text import pinyin, stable_hash

_NEIGHBOURHOOD = 8
_IDENTIFIERS_WITH_NEIGHBOURHOOD = 2
_PAIRED_TOKENS = 5
_TOKENS_KEPT = 12
_DAYS_A_FORTNIGHT = 14.0


@lru_cache(maxsize=200_000)
def key(*parts: str) -> int:
    """The key of some parts; the first names the kind of key."""
    return stable_hash(*parts)


def token_key(token: str) -> int:
    """The key of a token of a model or a text, by its sound."""
    return key("token", pinyin(token))


def code_key(code: str) -> int:
    """The key of a maker's code."""
    return key("code", code)


def make_key(make: str) -> int:
    """The key of a make."""
    return key("make", pinyin(make))


def mark_key(mark: str) -> int:
    """The key of a whole mark."""
    return key("mark", mark)


def colour_key(family: str) -> int:
    """The key of a colour family."""
    return key("colour", family)


COLOURED = key("colour")


def category_key(category: str) -> int:
    """The key of a category."""
    return key("category", category)


def model_key(make: str, tokens: tuple[str, ...]) -> int:
    """The key of a make with a model, whatever the order of its parts."""
    return key("model", pinyin(make), *sorted(pinyin(token) for token in tokens))


def index_keys(prepared: Prepared) -> tuple[int, ...]:
    """All keys of a record, each once, in a fixed order: what finds it and what its rarity is counted by."""
    return tuple(dict.fromkeys((*search_keys(prepared), *descriptive_keys(prepared))))


def search_keys(prepared: Prepared) -> tuple[int, ...]:
    """The keys that are worth following to other records; a colour or a make alone leads everywhere."""
    found: list[int] = []
    for position, identifier in enumerate(prepared.identifiers):
        found += _identifier_keys(identifier, position < _IDENTIFIERS_WITH_NEIGHBOURHOOD)
    found += _model_keys(prepared)
    tokens = tokens_of(prepared)
    found += [key("pair", *sorted((pinyin(a), pinyin(b)))) for a, b in combinations(tokens[:_PAIRED_TOKENS], 2)]
    found += _occasion_keys(prepared)
    return tuple(dict.fromkeys(found))


def descriptive_keys(prepared: Prepared) -> tuple[int, ...]:
    """The keys by whose counts the rarity of an agreement is told."""
    found = [make_key(make) for make in names_of(prepared)]
    found += _model_keys(prepared)
    found += [colour_key(family) for family in sorted(prepared.colours)]
    if prepared.colours:
        found.append(COLOURED)
    if prepared.category:
        found.append(category_key(prepared.category))
    return tuple(dict.fromkeys(found))


def _identifier_keys(identifier: PreparedIdentifier, with_neighbourhood: bool) -> list[int]:
    folded = identifier.folded
    found = [key("identifier", folded), key("last 6", folded[-6:]), key("last 4", folded[-4:])]
    tail = folded[-_NEIGHBOURHOOD:]
    if with_neighbourhood and len(tail) == _NEIGHBOURHOOD:
        # Two tails that are one slip apart share the tail that is left when the slip is taken out of both.
        found.append(key("near", tail))
        found += [key("near", tail[:i] + tail[i + 1 :]) for i in range(_NEIGHBOURHOOD)]
    return found


def names_of(prepared: Prepared) -> tuple[str, ...]:
    """The makes of a record, known or not."""
    return prepared.makes or ((prepared.unknown_make,) if prepared.unknown_make else ())


def tokens_of(prepared: Prepared) -> tuple[str, ...]:
    """The tokens of a record's model and text that are worth a key, the model's first."""
    texts = [text for text in (prepared.model, prepared.described) if text is not None]
    tokens = dict.fromkeys(token for text in texts for token in text.tokens if len(token) > 1 or token.isdigit())
    return tuple(tokens)[:_TOKENS_KEPT]


def _model_keys(prepared: Prepared) -> list[int]:
    makes = names_of(prepared)
    found = [token_key(token) for token in tokens_of(prepared)]
    for text in (prepared.model, prepared.described):
        if text is not None:
            found += [code_key(code) for code in text.codes[:4]]
            if not text.is_long:
                found += [model_key(make, text.tokens) for make in (*makes, "")]
    return found + [mark_key(mark) for mark in prepared.marks[:3]]


def _occasion_keys(prepared: Prepared) -> list[int]:
    """Make or category with colour in a fortnight: what is common in general is rare in the days after a theft."""
    fortnights = fortnights_of(prepared)
    subjects = names_of(prepared) or ((prepared.category,) if prepared.category else ())
    families = sorted(prepared.colours) or [""]
    found = []
    for subject in subjects[:2]:
        for family in families[:2]:
            found.append(key("subject", pinyin(subject), family))
            found += [key("occasion", pinyin(subject), family, str(fortnight)) for fortnight in fortnights]
    return found


def fortnights_of(prepared: Prepared) -> tuple[int, ...]:
    """The fortnight of a record and the one before, so that two records some days apart share one."""
    if prepared.day_to is None:
        return ()
    current = int(prepared.day_to // _DAYS_A_FORTNIGHT)
    return (current, current - 1)
