"""Makes one thing: a model of a make with its colour, numbers and marks, as somebody who knows it would describe it."""

import zlib
from random import Random
from typing import Final

from inspect_app.reference.categories import category as category_of
from inspect_app.services.demo import numbers
from inspect_app.services.demo.goods import COLOURS, MODELS, Model
from inspect_app.services.demo.marks import common_mark, rare_mark
from inspect_app.services.demo.plans import PlannedNumber, PlannedThing

_BY_WEIGHT: Final = {"cable": (8_000, 160_000), "scrap_metal": (6_000, 420_000), "jewellery": (3, 62)}
_NOUNS: Final = {
    "phone": "手机", "laptop": "笔记本电脑", "tablet": "平板", "camera": "相机", "ebike": "电动车", "bicycle": "自行车",
    "motorcycle": "摩托车", "vehicle": "轿车", "watch": "手表", "battery": "电池", "cable": "电缆", "liquor": "白酒",
    "tobacco": "香烟", "clothing": "",
}  # fmt: skip
_BY_COUNT: Final = {"liquor": (1, 12), "tobacco": (1, 20), "battery": (1, 4)}


def make_thing(dice: Random, category: str, *, rare_marks: float = 0.25) -> PlannedThing:
    """A thing of the category with all its numbers; ``rare_marks`` is how likely it has a mark of its own."""
    model = dice.choice(MODELS[category])
    specification = dice.choice(model.specifications) if model.specifications else ""
    colours = COLOURS.get(category, ())
    marks = [common_mark(dice, category)] if dice.random() < 0.6 else []
    if dice.random() < rare_marks:
        marks.append(rare_mark(dice, category))
    weight_g = dice.randint(*_BY_WEIGHT[category]) if category in _BY_WEIGHT else None
    quantity = float(dice.randint(*_BY_COUNT[category])) if category in _BY_COUNT else 1.0
    share = weight_g / _BY_WEIGHT[category][1] if weight_g else quantity
    yuan = max(model.lowest_yuan, int(dice.uniform(model.lowest_yuan, model.highest_yuan) * share))
    colour = dice.choice(colours) if colours else ""
    return PlannedThing(
        category=category,
        description=_describe(category, model, specification, colour),
        brand=model.brand,
        model=model.name,
        specification=specification,
        colour=colour,
        marks="，".join(marks),
        quantity=quantity,
        unit=category_of(category).unit,
        weight_g=weight_g,
        value_fen=yuan * 100,
        numbers=make_numbers(dice, category, model),
    )


def make_numbers(dice: Random, category: str, model: Model) -> tuple[PlannedNumber, ...]:
    """Every number that stands on a thing of the category; what is not numbered has none."""
    # A phone's first digits go with its model.
    maker = zlib.crc32(f"{model.brand}{model.name}".encode())
    match category:
        case "phone":
            found = {"imei": numbers.imei(dice, maker), "serial": numbers.mixed(dice, 12)}
        case "ebike":
            found = {"frame": numbers.digits(dice, 15), "motor": numbers.mixed(dice, 14)}
            found |= {"vehicle_code": numbers.vehicle_code(dice), "plate": numbers.plate(dice, is_electric=True)}
        case "bicycle":
            found = {"frame": numbers.mixed(dice, 10)}
        case "motorcycle" | "vehicle":
            found = {"vin": numbers.vin(dice), "plate": numbers.plate(dice), "motor": numbers.mixed(dice, 10)}
        case "jewellery":
            found = {"certificate": "CV" + numbers.mixed(dice, 10)}
        case "liquor":
            found = {"batch": numbers.digits(dice, 12)}
        case "tobacco":
            found = {"lasercode": numbers.laser_code(dice)}
        case "battery":
            found = {"serial": numbers.mixed(dice, 14)}
        case "laptop" | "tablet" | "camera" | "watch" | "tool" | "tv_appliance":
            found = {"serial": numbers.mixed(dice, 10)}
        case _:
            found = {}
    return tuple(PlannedNumber(kind, value) for kind, value in found.items())


def _describe(category: str, model: Model, specification: str, colour: str) -> str:
    if not model.brand and not model.name:
        return ""
    if not model.name:
        return f"{model.brand}{specification.split()[-1]}"
    noun = _NOUNS.get(category, "")
    return f"{colour}{model.brand}{model.name}{'' if noun in model.name else noun}"
