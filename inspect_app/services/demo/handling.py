"""How a thing looks from two sides: as its owner reports it stolen, and as an inspector logs it in a shop.

``TRUTHS`` are the ways in which a stolen thing comes back, from the plain to the hard, and the ways in which another
thing comes close to it: what the matcher has to find, and what it must not.
"""

from dataclasses import replace
from random import Random
from typing import Final

from inspect_app.services.demo.dice import weighted
from inspect_app.services.demo.marks import rare_mark
from inspect_app.services.demo.plans import PlannedNumber, PlannedThing

# What it has to do with the stolen item -> how many of a hundred planted lines.
TRUTHS: Final = {
    "exact": 32,  # the same number
    "misread": 16,  # one character taken for another, or two swapped
    "partial": 10,  # only the end of the number could be read
    "unmarked": 22,  # no number at all, but a mark that hardly another thing has
    "twin": 28,  # another thing: same make, model and colour, its own number
}
_CONFUSED: Final = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G", "3": "8", "7": "1", "9": "4", "4": "9"}
_CONFUSED_LETTERS: Final = {"D": "0", "B": "8", "S": "5", "Z": "2", "G": "6", "E": "F", "F": "E", "M": "N", "N": "M"}
_ONLY_DIGITS: Final = frozenset({"imei", "vehicle_code"})
_ALIASES: Final = {
    "雅迪": ("Yadea", "亚迪"), "爱玛": ("AIMA", "爱马"), "台铃": ("TAILG", "台玲"), "小牛": ("NIU",),
    "九号": ("Ninebot",), "华为": ("HUAWEI",), "苹果": ("Apple",), "小米": ("MI",), "荣耀": ("HONOR",),
    "三星": ("SAMSUNG",), "联想": ("Lenovo",), "捷安特": ("GIANT",), "美利达": ("MERIDA",), "博世": ("BOSCH",),
    "牧田": ("Makita",), "佳能": ("Canon",), "尼康": ("Nikon",), "索尼": ("SONY",), "浪琴": ("LONGINES",),
    "天梭": ("TISSOT",), "欧米茄": ("OMEGA",), "劳力士": ("ROLEX",), "茅台": ("贵州茅台",),
}  # fmt: skip
_COLOURS: Final = {
    "黑色": ("曜石黑", "黑", "深黑色"), "白色": ("象牙白", "白", "乳白"), "红色": ("枣红色", "大红"),
    "蓝色": ("天蓝色", "深蓝"), "银色": ("银灰", "银白色"), "灰色": ("银灰色", "深灰"), "绿色": ("墨绿", "浅绿色"),
    "金色": ("香槟金",),
}  # fmt: skip


def as_reported(dice: Random, thing: PlannedThing) -> PlannedThing:
    """The thing in its owner's words: some numbers are not known, some words are left out."""
    known = tuple(number for number in thing.numbers if dice.random() < 0.72) or thing.numbers[:1]
    numbers = known if dice.random() < 0.92 else ()
    return replace(
        thing,
        numbers=numbers,
        specification=thing.specification if dice.random() < 0.7 else "",
        marks=thing.marks if dice.random() < 0.85 else "",
        description=f"{dice.choice(('', '我的', '一' + thing.unit))}{thing.description}",
    )


def as_logged(dice: Random, thing: PlannedThing) -> PlannedThing:
    """The thing in an inspector's words: the make as it is written on it, the colour as it looks today."""
    aliases, colours = _ALIASES.get(thing.brand, ()), _COLOURS.get(thing.colour, ())
    brand = dice.choice(aliases) if aliases and dice.random() < 0.4 else thing.brand
    colour = dice.choice(colours) if colours and dice.random() < 0.35 else thing.colour
    kept = [n for n in thing.numbers if dice.random() < 0.7] or list(thing.numbers[:1])
    how: tuple[tuple[str, float], ...] = (("hand", 5), ("scan", 4), ("photo", 1))
    return replace(
        thing,
        brand=brand,
        colour=colour,
        description=thing.description if dice.random() < 0.4 else "",
        numbers=tuple(PlannedNumber(n.kind, n.value, weighted(dice, how)) for n in kept),
    )


def as_found(dice: Random, stolen: PlannedThing, whole: PlannedThing, truth: str) -> PlannedThing:
    """A line about the stolen thing, or about its twin, logged as ``truth`` says.

    ``stolen`` is the thing as reported, ``whole`` the same with every number that it has.
    """
    logged = as_logged(dice, whole)
    shared = stolen.numbers[:1] or whole.numbers[:1]
    match truth:
        case "exact":
            numbers = tuple(PlannedNumber(n.kind, n.value, "scan") for n in shared)
        case "misread":
            numbers = tuple(PlannedNumber(n.kind, misread(dice, n), "hand") for n in shared)
        case "partial":
            numbers = tuple(PlannedNumber(n.kind, n.value[-dice.choice((5, 6)) :], "hand") for n in shared)
        case "unmarked":
            numbers = ()
        case _:
            raise ValueError(f"{truth!r} is not about the stolen thing itself")
    return replace(logged, numbers=numbers, marks=stolen.marks if truth == "unmarked" else logged.marks)


def with_rare_mark(dice: Random, thing: PlannedThing) -> PlannedThing:
    """The thing with a mark that hardly another has, as its owner would tell of it."""
    mark = rare_mark(dice, thing.category)
    return replace(thing, marks=f"{thing.marks}，{mark}" if thing.marks else mark)


def misread(dice: Random, number: PlannedNumber) -> str:
    """The number with one character taken for one that looks like it; now and then two characters swapped."""
    letters = list(number.value)
    place = dice.randrange(len(letters) // 3, len(letters) - 1)
    if dice.random() < 0.25 and letters[place] != letters[place + 1]:
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
        return "".join(letters)
    letter = letters[place]
    if number.kind in _ONLY_DIGITS:
        letters[place] = {"8": "3", "3": "8", "1": "7", "7": "1", "6": "0", "0": "6"}.get(letter, "8")
    else:
        letters[place] = _CONFUSED.get(letter) or _CONFUSED_LETTERS.get(letter, "0")
    return "".join(letters)
