"""Aligns two model names: which parts are the same, which only look or sound alike, which differ.

`M60P` is `Mate 60 Pro`, `指挥官A5` is `A5指挥官`, `小新Pro 16` is `XiaoXin Pro16`; but `iPhone 13` is not `iPhone 14`,
however alike the letters are, so numbers decide.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from inspect_app.matching.text import has_cjk, pinyin

_ALIKE = 75.0
_TELLING_DIGITS = 3


class Alignment(NamedTuple):
    """The level that two names reach, and the tokens of each side that were matched."""

    level: str
    goods_tokens: tuple[str, ...]
    stolen_tokens: tuple[str, ...]


@lru_cache(maxsize=200_000)
def align(goods: tuple[str, ...], stolen: tuple[str, ...]) -> Alignment:
    """How two names given as runs of letters, digits and Chinese agree.

    Levels: `exact` in any order, `alias` where parts are abbreviated or sound alike, `partial` where one name says
    more, `edit` where digits were swapped or dropped, `number_differs`, `differ`.
    """
    if sorted(goods) == sorted(stolen) or "".join(goods) == "".join(stolen):
        return Alignment("exact", goods, stolen)
    pairs, left_goods, left_stolen, is_soft = _pair_up(list(goods), list(stolen))
    if _moves_a_letter(goods, stolen):
        return Alignment("word_differs", (), ())
    matched = tuple(a for a, _ in pairs), tuple(b for _, b in pairs)
    numbers_left = [t for t in left_goods if t.isdigit()], [t for t in left_stolen if t.isdigit()]
    has_edit = False
    if numbers_left[0] and numbers_left[1]:
        if not _is_slip(goods, stolen):
            return Alignment("number_differs" if pairs else "differ", *matched)
        has_edit = True
    if not _says_enough(pairs) and not has_edit:
        return Alignment("differ", (), ())
    words_left = [t for t in left_goods if not t.isdigit()], [t for t in left_stolen if not t.isdigit()]
    if words_left[0] and words_left[1]:
        level = _level_of_other_words(words_left, pairs)
        if level is not None:
            return Alignment(level, *matched)
    if has_edit:
        return Alignment("edit", *(matched if pairs else (goods, stolen)))
    if left_goods or left_stolen:
        return Alignment("partial", *matched)
    return Alignment("alias" if is_soft else "exact", *matched)


def _pair_up(goods: list[str], stolen: list[str]) -> tuple[list[tuple[str, str]], list[str], list[str], bool]:
    pairs: list[tuple[str, str]] = []
    left_goods: list[str] = []
    is_soft = False
    for token in goods:
        if token in stolen:
            stolen.remove(token)
            pairs.append((token, token))
        else:
            left_goods.append(token)
    for token in list(left_goods):
        best = max(stolen, key=lambda other: (_likeness(token, other), other), default=None)
        if best is not None and _likeness(token, best) >= _ALIKE:
            stolen.remove(best)
            left_goods.remove(token)
            pairs.append((token, best))
            is_soft = True
    return pairs, left_goods, stolen, is_soft


def _level_of_other_words(left: tuple[list[str], list[str]], pairs: list[tuple[str, str]]) -> str | None:
    """The level where each side has a word that the other lacks: `XPS 13` is not `Inspiron 13`.

    A long number in common outweighs that: `E5420` is `Latitude 5420`.
    """
    if sum(len(a) for a, _ in pairs if a.isdigit()) >= _TELLING_DIGITS:
        return None
    if any(has_cjk(a) for a in left[0]) != any(has_cjk(b) for b in left[1]):
        return "edit"
    return "word_differs"


@lru_cache(maxsize=200_000)
def _likeness(a: str, b: str) -> float:
    """0 to 100: how likely two unequal tokens stand for the same; digits only where they are equal."""
    if a.isdigit() or b.isdigit():
        return 0.0
    if has_cjk(a) or has_cjk(b):
        if pinyin(a) == pinyin(b):
            return 100.0
        if len(a) > 1 and len(b) > 1 and has_cjk(a) and has_cjk(b):
            return 85.0 if a in b or b in a else fuzz.ratio(a, b)
        return fuzz.ratio(pinyin(a), pinyin(b)) if min(len(a), len(b)) > 1 else 0.0
    shorter, longer = sorted((a, b), key=len)
    if longer.startswith(shorter):
        return 90.0 if len(shorter) <= 2 else 80.0
    return fuzz.ratio(a, b) if len(shorter) >= 3 else 0.0


def _moves_a_letter(goods: tuple[str, ...], stolen: tuple[str, ...]) -> bool:
    """Whether a letter before a number in one name stands after it in the other: `P60` is not `Mate 60 P`."""
    for ours, theirs in ((goods, stolen), (stolen, goods)):
        before = {(a, b) for a, b in pairwise(theirs) if b.isdigit()}
        after = {(a, b[0]) for a, b in pairwise(theirs) if a.isdigit() and b[0].isalpha() and b.isascii()}
        letters = [(a, b) for a, b in pairwise(ours) if len(a) == 1 and a.isascii() and a.isalpha() and b.isdigit()]
        if any((number, letter) in after and (letter, number) not in before for letter, number in letters):
            return True
    return False


def _is_slip(goods: tuple[str, ...], stolen: tuple[str, ...]) -> bool:
    """Whether the names differ by a typing slip: digits swapped, doubled, dropped or split, but not replaced."""
    a, b = "".join(goods), "".join(stolen)
    digits = "".join(t for t in goods if t.isdigit()), "".join(t for t in stolen if t.isdigit())
    if digits[0] == digits[1] or sorted(digits[0]) == sorted(digits[1]):
        return True
    return min(len(a), len(b)) >= 4 and len(a) != len(b) and OSA.distance(a, b, score_cutoff=1) <= 1


def _says_enough(pairs: list[tuple[str, str]]) -> bool:
    """One letter alone says nothing; a number, a Chinese word or two letters do."""
    return any(len(a) > 1 or a.isdigit() for a, _ in pairs)
