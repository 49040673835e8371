"""Compares what the two things are: category, make, model, text, marks and colour, each weighted by how rare it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from inspect_app.matching import keys
from inspect_app.matching.alignment import Alignment, align
from inspect_app.matching.corpus import Corpus, rarity_bits
from inspect_app.matching.prepare import ModelText, Prepared
from inspect_app.matching.results import Component, Outcome
from inspect_app.matching.text import compact, pinyin
from inspect_app.matching.weights import Weights

_NEAR_MAKE, _NEAR_MARK, _NEAR_CODE = 84.0, 72.0, 60.0
_TELLING_CODE = 5
_TELLING_MARK, _MARK_IN_TEXT, _AROUND_A_MARK = 6, 92.0, 12.0
_LEVEL_ORDER = ("exact", "alias", "partial", "edit", "word_differs", "number_differs", "differ")


class _Scale(NamedTuple):
    """What evidence is weighed on: how common things are, and the table of weights."""

    corpus: Corpus
    weights: Weights

    def rarity(self, *keys: int, among: int | None = None) -> float:
        """`rarity_bits` in this corpus."""
        return rarity_bits(self.corpus, *keys, among=among, weights=self.weights)

    def rated(self, comparison: str, level: str, rarity: float, goods_value: str, stolen_value: str) -> Component:
        """A component whose weight is a share of the rarity where it agrees, and a fixed weight where it does not."""
        weights = self.weights.levels[comparison]
        share = weights[level]
        bits = round(min(share * max(rarity, 0.5), weights["cap"]), 2) if share > 0 else share
        outcome: Outcome = "agree" if bits > 0 else "contradict" if bits < 0 else "neutral"
        return Component(comparison, level, outcome, bits, goods_value, stolen_value)


def compare_things(goods: Prepared, stolen: Prepared, corpus: Corpus, weights: Weights) -> Iterator[Component]:
    """The components of everything that describes the things themselves, identifiers apart."""
    scale = _Scale(corpus, weights)
    make = _make(goods, stolen, scale)
    if goods.category and stolen.category:
        yield _category(goods, stolen, scale, is_alone=make is None)
    if make is not None:
        yield make
    make_bits = make.weight_bits if make is not None and make.weight_bits > 0 else 0.0
    model, counted = _model(goods, stolen, scale, make_bits)
    if model is not None:
        yield model
    if goods.words and stolen.words and (_is_long(goods.described) or _is_long(stolen.described)):
        yield from _text(goods, stolen, scale, counted | {goods.unknown_make, stolen.unknown_make})
    if goods.marks or stolen.marks:
        marks = _marks(goods, stolen, scale)
        if marks is not None:
            yield marks
    if goods.colours and stolen.colours:
        yield _colour(goods, stolen, scale)


def _category(goods: Prepared, stolen: Prepared, scale: _Scale, *, is_alone: bool) -> Component:
    """The category; a make tells most of what its category tells, so beside one it counts little."""
    level = "agree_alone" if is_alone else "agree"
    if goods.category != stolen.category:
        level = "differ"
    rarity = scale.rarity(keys.category_key(stolen.category))
    return scale.rated("category", level, rarity, goods.category, stolen.category)


def _make(goods: Prepared, stolen: Prepared, scale: _Scale) -> Component | None:
    """The make by any spelling, alias or sound; one that no table knows by its letters, or in the other's text."""
    ours, theirs = keys.names_of(goods), keys.names_of(stolen)
    if not ours or not theirs:
        return _make_in_text(goods, stolen, scale)
    level, name = _make_level(ours, theirs)
    if level == "differ" and (goods.unknown_make or stolen.unknown_make):
        level = "in_text" if _is_named_in_text(goods, stolen) else "unknown_differ"
    rarity = scale.rarity(keys.make_key(name))
    return scale.rated("make", level, rarity, goods.make_shown, stolen.make_shown)


@lru_cache(maxsize=50_000)
def _make_level(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str]:
    common = [make for make in ours if make in theirs]
    if common:
        return "agree", common[0]
    for a in ours:
        for b in theirs:
            sound_a, sound_b = pinyin(a), pinyin(b)
            if sound_a == sound_b:
                return "agree", b
            shorter, longer = sorted((sound_a, sound_b), key=len)
            if 2 <= len(shorter) <= 3 and longer.startswith(shorter):
                return "abbreviation", b
            if len(shorter) >= 4 and (
                fuzz.ratio(sound_a, sound_b) >= _NEAR_MAKE or OSA.distance(sound_a, sound_b) <= 1
            ):
                return "near", b
    return "differ", theirs[0]


def _is_named_in_text(goods: Prepared, stolen: Prepared) -> bool:
    return _names(goods.unknown_make, stolen.all_text) or _names(stolen.unknown_make, goods.all_text)


@lru_cache(maxsize=50_000)
def _names(make: str, text: str) -> bool:
    return len(make) > 1 and (make in text or pinyin(make) in pinyin(text))


def _make_in_text(goods: Prepared, stolen: Prepared, scale: _Scale) -> Component | None:
    """A make that no table knows, found in the other record's text."""
    for named, other in ((goods, stolen), (stolen, goods)):
        if named.unknown_make and _names(named.unknown_make, other.all_text):
            rarity = scale.rarity(keys.make_key(named.unknown_make))
            return scale.rated("make", "in_text", rarity, goods.make_shown, stolen.make_shown)
    return None


def _model(
    goods: Prepared, stolen: Prepared, scale: _Scale, make_bits: float
) -> tuple[Component | None, frozenset[str]]:
    """The best level among fields and descriptions, and the tokens that it has counted."""
    best: tuple[int, Alignment, ModelText, ModelText] | None = None
    for ours in (goods.model, goods.described):
        for theirs in (stolen.model, stolen.described):
            if ours is None or theirs is None:
                continue
            alignment = _align_texts(ours, theirs)
            if alignment is None:
                continue
            rank = _LEVEL_ORDER.index(alignment.level)
            if best is None or rank < best[0]:
                best = rank, alignment, ours, theirs
    if best is None:
        return None, frozenset()
    _, alignment, ours, theirs = best
    rarity = _model_rarity(goods, stolen, scale, alignment, ours, theirs) - make_bits
    is_vague = not make_bits and goods.model is None and stolen.model is None and not _has_number(alignment)
    if is_vague:
        # `gold ring` is no model, however rare the words are in this register.
        rarity = min(rarity, scale.weights.levels["model"]["vague_cap"])
    component = scale.rated("model", alignment.level, max(rarity, 1.0), ours.shown, theirs.shown)
    return component, frozenset((*alignment.goods_tokens, *alignment.stolen_tokens))


def _has_number(alignment: Alignment) -> bool:
    return any(c.isdigit() for token in alignment.goods_tokens for c in token)


def _align_texts(ours: ModelText, theirs: ModelText) -> Alignment | None:
    if ours.joined == theirs.joined or not (ours.is_long or theirs.is_long):
        return align(ours.tokens, theirs.tokens)
    return _align_codes(ours, theirs) or _align_contained(ours, theirs)


@lru_cache(maxsize=50_000)
def _align_codes(ours: ModelText, theirs: ModelText) -> Alignment | None:
    """Long texts are compared by the makers' codes in them."""
    common = tuple(code for code in ours.codes if code in theirs.codes)
    if common:
        return Alignment("exact", common, common)
    spelt_apart = tuple(code for code in ours.codes if len(code) >= _TELLING_CODE and code in theirs.joined)
    spelt_apart += tuple(code for code in theirs.codes if len(code) >= _TELLING_CODE and code in ours.joined)
    if spelt_apart:
        return Alignment("alias", spelt_apart, spelt_apart)
    if not ours.codes or not theirs.codes:
        return None
    likest = max((fuzz.ratio(a, b), a, b) for a in ours.codes for b in theirs.codes)
    shorter, longer = sorted(likest[1:], key=len)
    if len(shorter) >= _TELLING_CODE and (longer.startswith(shorter) or longer.endswith(shorter)):
        return Alignment("partial", (likest[1],), (likest[2],))
    # Two codes of one series are two models; two codes of different kinds may be of one thing.
    return Alignment("number_differs" if likest[0] >= _NEAR_CODE else "word_differs", (), ())


@lru_cache(maxsize=50_000)
def _align_contained(ours: ModelText, theirs: ModelText) -> Alignment | None:
    """A short model that stands inside a long text agrees; one that does not says nothing."""
    if ours.is_long and theirs.is_long:
        return None
    short, long = (theirs, ours) if ours.is_long else (ours, theirs)
    matched = tuple(token for token in short.tokens if token in long.tokens)
    if len(matched) == len(short.tokens) and any(len(t) > 1 for t in matched):
        return Alignment("partial", matched, matched)
    return None


def _model_rarity(
    goods: Prepared, stolen: Prepared, scale: _Scale, alignment: Alignment, ours: ModelText, theirs: ModelText
) -> float:
    """How rare the agreeing model is with its make: of the whole name as both spell it, or of its rarest part."""
    if not alignment.goods_tokens:
        return 0.0
    sides = zip(alignment.goods_tokens, alignment.stolen_tokens, strict=False)
    parts = sorted((_token_rarity(scale, a, b) for a, b in sides), reverse=True)
    # The parts of a name come together, so each further one tells less.
    estimate = math.fsum(bits / (1 << position) for position, bits in enumerate(parts[:3]))
    if ours.is_long or theirs.is_long:
        return estimate
    makes = [make for make in keys.names_of(goods) if make in keys.names_of(stolen)] or [""]
    whole = scale.rarity(keys.model_key(makes[0], ours.tokens), keys.model_key(makes[0], theirs.tokens))
    return min(whole, estimate)


def _token_rarity(scale: _Scale, ours: str, theirs: str) -> float:
    if ours.isalnum() and len(ours) >= 4 and any(c.isdigit() for c in ours) and not ours.isdigit():
        return min(scale.rarity(keys.code_key(ours)), scale.rarity(keys.code_key(theirs)))
    return min(scale.rarity(keys.token_key(ours)), scale.rarity(keys.token_key(theirs)))


def _is_long(text: ModelText | None) -> bool:
    return text is not None and text.is_long


def _text(goods: Prepared, stolen: Prepared, scale: _Scale, counted: frozenset[str]) -> Iterator[Component]:
    """Words in common, weighted by rarity, without those that make and model have told already."""
    ours, theirs = _not_counted(goods.words, counted), _not_counted(stolen.words, counted)
    if not ours or not theirs:
        return
    common = [word for word in ours if word in theirs]
    if not common:
        yield scale.rated("text", "none_in_common", 0.0, " ".join(ours), " ".join(theirs))
        return
    shared = sum(scale.rarity(keys.token_key(word)) for word in common)
    everything = sum(scale.rarity(keys.token_key(word)) for word in dict.fromkeys(ours + theirs))
    likeness = shared / max(everything, 1.0)
    level = "strong" if likeness >= 0.6 else "fair" if likeness >= 0.35 else "weak"
    yield scale.rated("text", level, shared, " ".join(common), " ".join(common))


def _not_counted(words: tuple[str, ...], counted: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in words if not any(word in token for token in counted))


def _marks(goods: Prepared, stolen: Prepared, scale: _Scale) -> Component | None:
    """What is engraved, pasted or broken; a mark also agrees where it stands in the other's words."""
    if goods.marks and stolen.marks:
        level, ours, theirs = _mark_level(goods.marks, stolen.marks)
    else:
        level, ours, theirs = "differ", *(goods.marks or ("",))[:1], *(stolen.marks or ("",))[:1]
    if level == "differ":
        told = [m for m in goods.marks if _tells(m, stolen.all_text)] + [
            m for m in stolen.marks if _tells(m, goods.all_text)
        ]
        if told:
            level, ours, theirs = "in_text", told[0], told[0]
        elif not (goods.marks and stolen.marks):
            return None
    rarity = min(scale.rarity(keys.mark_key(ours)), scale.rarity(keys.mark_key(theirs)))
    if goods.category and goods.category == stolen.category:
        # A mark belongs to a kind of thing (a worn saddle, a torn strap), and the kind is counted already.
        rarity -= scale.rarity(keys.category_key(goods.category))
    return scale.rated("marks", level, rarity, ours, theirs)


@lru_cache(maxsize=100_000)
def _mark_level(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str, str]:
    score, a, b = max((_mark_likeness(a, b), a, b) for a in ours for b in theirs)
    if a == b:
        return "exact", a, b
    return ("near" if score >= _NEAR_MARK else "differ"), a, b


def _mark_likeness(a: str, b: str) -> float:
    """0 to 100. A mark that stands whole in the other, with words around it, is as good as alike."""
    likeness = fuzz.ratio(a, b)
    if min(len(a), len(b)) >= _TELLING_MARK:
        return max(likeness, fuzz.partial_ratio(a, b) - _AROUND_A_MARK)
    return likeness


@lru_cache(maxsize=50_000)
def _tells(mark: str, text: str) -> bool:
    return len(mark) >= _TELLING_MARK and fuzz.partial_ratio(mark, compact(text)) >= _MARK_IN_TEXT


def _colour(goods: Prepared, stolen: Prepared, scale: _Scale) -> Component:
    """The colour: the very shade, or another of its family; two colours of one thing are both counted."""
    shown = " ".join(goods.colour_words), " ".join(stolen.colour_words)
    common = sorted(goods.colours & stolen.colours)
    if not common:
        return scale.rated("colour", "differ", 0.0, *shown)
    rarity = min(scale.rarity(keys.colour_key(family), among=keys.COLOURED) for family in common)
    level = "shade" if goods.colours == stolen.colours else "family"
    return scale.rated("colour", level, rarity, *shown)


# What the manual tells of each comparison is the docstring of its function.
COMPARISONS: Mapping[str, Callable[..., object]] = {
    "make": _make,
    "model": _model,
    "text": _text,
    "marks": _marks,
    "colour": _colour,
    "category": _category,
}
