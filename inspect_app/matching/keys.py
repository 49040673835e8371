"""The keys under which a record is filed: stable 64-bit numbers that two records of one thing have in common.

Keys find the candidates, and their counts tell how common a token is. At most about fifty a record. A key never depends
on the process, the order of a dictionary or the platform.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from inspect_app.matching.prepare import Prepared
from inspect_app.matching.spotting import PreparedIdentifier
from inspect_app.matching.text import pinyin, stable_hash

NEIGHBOURHOOD = 8
IDENTIFIERS_WITH_NEIGHBOURHOOD = 2
PAIRED_TOKENS = 5
_TOKENS_KEPT = 12
_DAYS_A_FORTNIGHT = 14.0


@lru_cache(maxsize=200_000)
def key(*parts: str) -> int:
    """The key of some parts; the first names the kind of key."""
    return stable_hash(*parts)


@lru_cache(maxsize=50_000)
def token_key(token: str) -> int:
    """The key of a token of a model or a text, by its sound."""
    return key("token", pinyin(token))


@lru_cache(maxsize=50_000)
def code_key(code: str) -> int:
    """The key of a maker's code."""
    return key("code", code)


@lru_cache(maxsize=20_000)
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
# Every record has it: its count is how many records there are.
RECORD = key("record")
# Nearly unique numbers, so that keeping their counts is not worth its space.
_UNCOUNTED = frozenset({"identifier", "near", "last 6", "first 6"})


def category_key(category: str) -> int:
    """The key of a category."""
    return key("category", category)


@lru_cache(maxsize=50_000)
def model_key(make: str, tokens: tuple[str, ...]) -> int:
    """The key of a make with a model, whatever the order of its parts."""
    return key("model", pinyin(make), *sorted(pinyin(token) for token in tokens))


class SearchKey(NamedTuple):
    """A key worth following to other records: what sharing it tells, and the key whose rarity that has.

    `told` is `name`, `mark` or which part of an identifier.
    """

    key: int
    told: str
    rarity_of: int


def index_keys(prepared: Prepared) -> tuple[int, ...]:
    """All keys of a record, each once, in a fixed order: what finds it and what its rarity is counted by."""
    return tuple(dict.fromkeys((*search_keys(prepared), *descriptive_keys(prepared))))


def search_keys(prepared: Prepared) -> tuple[int, ...]:
    """The keys that are worth following to other records; a colour or a make alone leads everywhere."""
    return tuple(found.key for found in search_plan(prepared))


def search_plan(prepared: Prepared) -> tuple[SearchKey, ...]:
    """The search keys of a record with what each of them tells, each once."""
    found: list[SearchKey] = []
    for position, identifier in enumerate(prepared.identifiers):
        found += _identifier_keys(identifier, position < IDENTIFIERS_WITH_NEIGHBOURHOOD)
    found += [SearchKey(own, "name", own) for own in name_keys(prepared)]
    found += [SearchKey(own, "mark", own) for own in mark_keys(prepared)]
    tokens = [pinyin(token) for token in tokens_of(prepared)[:PAIRED_TOKENS]]
    pairs = [key("pair", *sorted(pair)) for pair in combinations(tokens, 2)]
    found += [SearchKey(own, "name", own) for own in pairs]
    found += _occasion_keys(prepared)
    return tuple({each.key: each for each in found}.values())


def is_counted(found: SearchKey) -> bool:
    """Whether it is kept how many records share the key; of nearly unique ones it is not."""
    return found.told not in _UNCOUNTED


def descriptive_keys(prepared: Prepared) -> tuple[int, ...]:
    """The keys by whose counts the rarity of an agreement is told."""
    found = [make_key(make) for make in names_of(prepared)]
    found += name_keys(prepared)
    found += mark_keys(prepared)
    found += [colour_key(family) for family in sorted(prepared.colours)]
    if prepared.colours:
        found.append(COLOURED)
    if prepared.category:
        found.append(category_key(prepared.category))
    return tuple(dict.fromkeys(found))


def _identifier_keys(identifier: PreparedIdentifier, with_neighbourhood: bool) -> list[SearchKey]:
    folded = identifier.folded
    named = [("identifier", folded), ("last 6", folded[-6:]), ("last 4", folded[-4:]), ("first 6", folded[:6])]
    tail = folded[-NEIGHBOURHOOD:]
    if with_neighbourhood and len(tail) == NEIGHBOURHOOD:
        # Two tails that are one slip apart share the tail that is left when the slip is taken out of both.
        named.append(("near", tail))
        named += [("near", tail[:i] + tail[i + 1 :]) for i in range(NEIGHBOURHOOD)]
    return [SearchKey(key(kind, value), kind, 0) for kind, value in named]


def names_of(prepared: Prepared) -> tuple[str, ...]:
    """The makes of a record, known or not."""
    return prepared.makes or ((prepared.unknown_make,) if prepared.unknown_make else ())


def tokens_of(prepared: Prepared) -> tuple[str, ...]:
    """The tokens of a record's model and text that are worth a key, the model's first."""
    texts = [text for text in (prepared.model, prepared.described) if text is not None]
    if len(texts) == 1:
        return _telling(texts[0].tokens)
    return tuple(dict.fromkeys(token for text in texts for token in _telling(text.tokens)))[:_TOKENS_KEPT]


@lru_cache(maxsize=50_000)
def _telling(tokens: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(token for token in tokens if len(token) > 1 or token.isdigit())
    return tuple(found)[:_TOKENS_KEPT]


def name_keys(prepared: Prepared) -> list[int]:
    """The keys of a record's tokens, of makers' codes and of its short models with and without its makes."""
    makes = names_of(prepared)
    found = [token_key(token) for token in tokens_of(prepared)]
    if prepared.unknown_make:
        found.append(token_key(prepared.unknown_make))
    for text in (prepared.model, prepared.described):
        if text is not None:
            found += [code_key(code) for code in text.codes[:4]]
            if not text.is_long:
                found += [model_key(make, text.tokens) for make in (*makes, "")]
    return found


def mark_keys(prepared: Prepared) -> list[int]:
    """The keys of a record's marks."""
    return [mark_key(mark) for mark in prepared.marks[:3]]


def _occasion_keys(prepared: Prepared) -> list[SearchKey]:
    """Make, category or model in a fortnight: what is common in general is rare in the days after a theft."""
    fortnights = [str(fortnight) for fortnight in fortnights_of(prepared)]
    subjects = [(pinyin(make), make_key(make)) for make in names_of(prepared)[:2]]
    if not subjects:
        # A make that no table knows may stand among the words of the other record.
        subjects = [(pinyin(token), token_key(token)) for token in tokens_of(prepared)[:2]]
        if prepared.category:
            subjects.append((prepared.category, category_key(prepared.category)))
    found = []
    for subject, rarity_of in subjects:
        for family in ("", *sorted(prepared.colours)[:2]):
            found.append(SearchKey(key("subject", subject, family), "name", rarity_of))
            found += [SearchKey(key("occasion", subject, family, day), "name", rarity_of) for day in fortnights]
    for text in (prepared.model, prepared.described):
        if text is not None and not text.is_long:
            name = model_key("", text.tokens)
            found += [SearchKey(key("model occasion", str(name), day), "name", name) for day in fortnights]
    return found


def fortnights_of(prepared: Prepared) -> tuple[int, ...]:
    """The fortnight of a record and the one before, so that two records some days apart share one."""
    if prepared.day_to is None:
        return ()
    current = int(prepared.day_to // _DAYS_A_FORTNIGHT)
    return (current, current - 1)
