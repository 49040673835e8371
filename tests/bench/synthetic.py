"""Stolen items and goods lines made up for measuring: the n-th is the same in every run and on every machine.

The things come from the generator of the demo city; two in five get a make and a model that no table knows. A goods
line that is made of a stolen item is what a hurried clerk would write of it days later.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from inspect_app.matching import Identifier, Record
from inspect_app.services.demo.plans import PlannedThing
from inspect_app.services.demo.things import make_thing

KINDS: Final = ("exact", "misread", "partial", "marked", "plain")
_FIRST_DAY: Final = datetime(2025, 1, 1, tzinfo=UTC)
_DAYS: Final = 540
_CATEGORIES: Final = (
    ("phone", 26), ("ebike", 26), ("laptop", 8), ("bicycle", 8), ("watch", 4), ("jewellery", 5), ("camera", 3),
    ("tablet", 3), ("battery", 4), ("motorcycle", 3), ("tool", 3), ("liquor", 3), ("tobacco", 1), ("cable", 2),
    ("tv_appliance", 1),
)  # fmt: skip
_ENGLISH: Final = {
    "华为": "Huawei", "荣耀": "Honor", "小米": "Xiaomi", "红米": "Redmi",
    "苹果": "Apple", "三星": "Samsung",
    "联想": "Lenovo",
    "华硕": "ASUS", "惠普": "HP", "戴尔": "Dell", "佳能": "Canon", "尼康": "Nikon", "索尼": "Sony", "雅迪": "Yadea",
    "爱玛": "AIMA", "台铃": "Tailg", "捷安特": "Giant", "美利达": "Merida",
    "黑色": "black", "白色": "white", "蓝色": "blue",
    "红色": "red", "银色": "silver", "灰色": "grey", "绿色": "green", "金色": "gold", "紫色": "purple",
}  # fmt: skip
_OTHER_COLOUR_WORDS: Final = {
    "黑色": ("黑", "亮黑色", "black"), "白色": ("白", "珍珠白", "white"), "红色": ("大红", "red"),
    "灰色": ("深灰", "灰"),
    "蓝色": ("天蓝", "宝蓝", "blue"), "银色": ("银", "银灰色"), "绿色": ("墨绿", "绿"), "金色": ("香槟金", "金"),
}  # fmt: skip
_SYLLABLES: Final = ("ba", "co", "du", "fe", "gri", "ha", "jo", "ka", "lu", "mi", "no", "pra", "ro", "sta", "te", "vo")
_CHARACTERS: Final = "安北晨川达恩峰港恒华嘉江凯岚铭宁鹏奇瑞森泰威新扬泽"
_SERIES: Final = ("A", "S", "X", "Pro", "Air", "T", "GT", "Max", "R", "Q", "锐", "风", "致", "星")
_LOOK_ALIKE: Final = {"0": "O", "1": "I", "5": "S", "8": "B", "6": "G", "2": "Z"}
_OPENINGS: Final = ("一部", "一台", "二手", "九成新", "楼下停放的", "used", "")
_SHOP_OPENINGS: Final = ("收", "旧", "回收", "二手", "used", "")


def stolen_record(seed: int, number: int) -> Record:
    """The stolen item with this number."""
    dice = _dice_of(seed, number)
    return _record_of(dice, _thing(dice), f"S{number}", _when(dice), _OPENINGS)


def goods_record(seed: int, number: int) -> Record:
    """A goods line that was never stolen."""
    dice = Random(-seed * 1_000_003 - number - 1)
    return _record_of(dice, _thing(dice), f"G{number}", _when(dice), _SHOP_OPENINGS)


def noisy_goods_record(seed: int, number: int, stolen_seed: int, stolen_number: int) -> Record:
    """What a shop would log of that stolen item; `KINDS` in turn tells how much of its numbers is left.

    The clerk sees the thing itself, also where its owner left out make, model or colour.
    """
    stolen, thing = stolen_record(stolen_seed, stolen_number), _thing(_dice_of(stolen_seed, stolen_number))
    dice = Random(seed * 7_000_003 + number)
    kind = KINDS[number % len(KINDS)]
    assert stolen.happened_to is not None
    turned_up = stolen.happened_to + timedelta(days=min(dice.expovariate(1 / 9), 120), hours=dice.uniform(1, 9))
    brand, model, colour = thing.brand, thing.model, thing.colour
    if dice.random() < 0.4:
        colour = dice.choice(_OTHER_COLOUR_WORDS.get(colour, (colour,)))
    words = [dice.choice(_SHOP_OPENINGS), colour, _other_name(dice, brand), _slip(dice, model, 0.12)]
    words += [stolen.marks] if kind == "marked" or (stolen.marks and dice.random() < 0.25) else []
    dice.shuffle(words)
    fields_filled = dice.random()
    return replace(
        stolen,
        ref=f"G{number}",
        description=dice.choice((" ", " ", "，", "")).join(word for word in words if word),
        brand=_other_name(dice, brand) if fields_filled < 0.6 else "",
        model=_slip(dice, model, 0.12) if fields_filled < 0.5 else "",
        specification=stolen.specification if dice.random() < 0.3 else "",
        colour=colour if dice.random() < 0.5 else "",
        marks="",
        identifiers=_read_badly(dice, stolen.identifiers, kind),
        weight_g=stolen.weight_g and round(stolen.weight_g * dice.uniform(0.9, 1.0), 1),
        value_fen=stolen.value_fen and round(stolen.value_fen * dice.uniform(0.1, 0.7)),
        happened_from=turned_up,
        happened_to=turned_up,
        lat=stolen.lat and stolen.lat + dice.gauss(0, 0.03),
        lng=stolen.lng and stolen.lng + dice.gauss(0, 0.03),
    )


def _dice_of(seed: int, number: int) -> Random:
    return Random(seed * 1_000_003 + number)


def _thing(dice: Random) -> PlannedThing:
    names, shares = zip(*_CATEGORIES, strict=True)
    thing = make_thing(dice, dice.choices(names, shares)[0])
    if dice.random() < 0.4:
        thing = replace(thing, brand=_invented_make(dice), model=_invented_model(dice))
    return thing


def _invented_make(dice: Random) -> str:
    """One of about a thousand makes, common ones more often."""
    own = Random(int(1_000 * dice.random() ** 2))
    if own.random() < 0.5:
        return "".join(own.choice(_CHARACTERS) for _ in range(2))
    return "".join(own.choice(_SYLLABLES) for _ in range(own.choice((2, 3)))).capitalize()


def _invented_model(dice: Random) -> str:
    series = dice.choice(_SERIES)
    number = dice.choice((dice.randint(1, 30), dice.randint(1, 60) * 10, dice.randint(100, 999)))
    return f"{series}{number}" if dice.random() < 0.7 else f"{series} {number} {dice.choice(_SERIES)}"


def _when(dice: Random) -> tuple[datetime, datetime]:
    start = _FIRST_DAY + timedelta(minutes=dice.randrange(_DAYS * 24 * 60))
    return start, start + timedelta(hours=dice.choice((0, 1, 8, 24)))


def _record_of(
    dice: Random, thing: PlannedThing, ref: str, when: tuple[datetime, datetime], openings: tuple[str, ...]
) -> Record:
    brand, model, colour = thing.brand, thing.model, thing.colour
    if dice.random() < 0.25:
        brand, colour = _ENGLISH.get(brand, brand), _ENGLISH.get(colour, colour)
    words = [dice.choice(openings), colour, brand, model, thing.specification if dice.random() < 0.3 else ""]
    numbers = tuple(Identifier(number.kind, number.value) for number in thing.numbers)
    kept = dice.random()
    return Record(
        ref=ref,
        category=thing.category,
        description=dice.choice((" ", "", "，")).join(word for word in words if word) or thing.description,
        brand=brand if dice.random() < 0.8 else "",
        model=model if dice.random() < 0.75 else "",
        specification=thing.specification if dice.random() < 0.5 else "",
        colour=colour if dice.random() < 0.75 else "",
        marks=thing.marks if dice.random() < 0.6 else "",
        identifiers=numbers if kept < 0.5 else numbers[:1] if kept < 0.8 else (),
        quantity=thing.quantity,
        unit=thing.unit,
        weight_g=thing.weight_g,
        value_fen=thing.value_fen,
        happened_from=when[0],
        happened_to=when[1],
        lat=30.39 + dice.gauss(0, 0.08),
        lng=114.85 + dice.gauss(0, 0.08),
    )


def _other_name(dice: Random, brand: str) -> str:
    return _ENGLISH.get(brand, brand) if dice.random() < 0.3 else brand


def _slip(dice: Random, text: str, share: float) -> str:
    """The text, sometimes with a slip of the keyboard or without its spaces."""
    if len(text) < 3 or dice.random() > share:
        return text if dice.random() < 0.8 else text.replace(" ", "")
    at = dice.randrange(len(text) - 1)
    return dice.choice((text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :]))


def _read_badly(dice: Random, identifiers: tuple[Identifier, ...], kind: str) -> tuple[Identifier, ...]:
    if not identifiers or kind in ("marked", "plain"):
        return ()
    chosen = dice.choice(identifiers)
    value = chosen.value
    if kind == "partial":
        value = value[-dice.choice((4, 5, 6, 6)) :]
    elif kind == "misread":
        for _ in range(dice.choice((1, 1, 2))):
            value = _misread(dice, value)
    return (Identifier(chosen.kind, value),)


def _misread(dice: Random, value: str) -> str:
    at = dice.randrange(1, len(value) - 1)
    match dice.randrange(4):
        case 0:
            return value[:at] + _LOOK_ALIKE.get(value[at], "7") + value[at + 1 :]
        case 1:
            return value[:at] + value[at + 1 :]
        case 2:
            return value[:at] + value[at + 1] + value[at] + value[at + 2 :]
        case _:
            return value[:at] + dice.choice("0123456789") + value[at + 1 :]
