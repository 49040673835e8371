"""How people mistype: the slips that the generated cases are written with, each from a seeded random source."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from random import Random

from inspect_app.matching.text import pinyin

_LOOK_ALIKES = {"0": "OQ", "1": "IL", "8": "B", "5": "S", "2": "Z", "6": "G"}
_LETTERS_AND_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@cache
def _by_sound() -> dict[str, list[str]]:
    """The characters of GB 2312, level one, by how they sound."""
    sounds: dict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            sounds[pinyin(character)].append(character)
    return dict(sounds)


def common_characters() -> list[str]:
    """Characters that invented Chinese names are made of."""
    return sorted(character for characters in _by_sound().values() for character in characters)


def same_sound(rng: Random, text: str) -> str:
    """One Chinese character replaced by another of the same sound."""
    places = [i for i, c in enumerate(text) if len(_by_sound().get(pinyin(c), ())) > 1 and "\u4e00" <= c <= "\u9fff"]
    if not places:
        return text
    place = rng.choice(places)
    others = [c for c in _by_sound()[pinyin(text[place])] if c != text[place]]
    return text[:place] + rng.choice(others) + text[place + 1 :]


def slip(rng: Random, text: str) -> str:
    """Two neighbours swapped, one character dropped or doubled."""
    if len(text) < 4:
        return text
    place = rng.randrange(len(text) - 1)
    kind = rng.choice(("swap", "drop", "double"))
    if kind == "swap":
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + (text[place] * 2 if kind == "double" else "") + text[place + 1 :]


def misread(rng: Random, value: str, slips: int) -> str:
    """An identifier with so many slips: a look-alike, a wrong character, a swap, one dropped or added."""
    for _ in range(slips):
        place = rng.randrange(len(value))
        kind = rng.choice(("alike", "alike", "wrong", "swap", "swap", "drop", "add"))
        if kind == "alike":
            alike = [i for i, c in enumerate(value) if c in _LOOK_ALIKES]
            if alike:
                place = rng.choice(alike)
                value = value[:place] + rng.choice(_LOOK_ALIKES[value[place]]) + value[place + 1 :]
                continue
            kind = "wrong"
        if kind == "wrong":
            value = value[:place] + rng.choice(_LETTERS_AND_DIGITS) + value[place + 1 :]
        elif kind == "swap" and place + 1 < len(value):
            value = value[:place] + value[place + 1] + value[place] + value[place + 2 :]
        elif kind == "drop":
            value = value[:place] + value[place + 1 :]
        else:
            value = value[:place] + rng.choice("0123456789") + value[place:]
    return value


def spaced(rng: Random, value: str) -> str:
    """An identifier as people write it: in groups, in full-width or in small letters."""
    roll = rng.random()
    if roll < 0.15:
        return " ".join(value[i : i + 4] for i in range(0, len(value), 4))
    if roll < 0.25:
        return "-".join(value[i : i + 5] for i in range(0, len(value), 5))
    if roll < 0.33:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)
    return value.lower() if roll < 0.4 else value
