"""Labelled cases of the kinds that the matcher is for, with makes and models that no table knows.

Each seed invents its own makes (in Chinese, in Latin letters, or both), their models, goods lines and stolen reports,
and tells which goods are which stolen items. Kinds of gold pairs: `exact_id`, `noisy_id` (one or two slips),
`partial_id` (a tail or a masked number), `described_id` (a number in the description instead of its field),
`distinctive` (a mark), `plain` (make, model, colour, time and place alone) and `bulk` (scrap by weight).
Beside them stand hard negatives: the same make, model and colour, in the same days, with another number or none.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from opencc import OpenCC

from inspect_app.matching import Identifier, Record
from tests.unit.matching.slips import common_characters, misread, same_sound, slip, spaced

KINDS = ("exact_id", "noisy_id", "partial_id", "described_id", "distinctive", "plain", "bulk")
_SHARES = (22, 22, 14, 8, 12, 12, 10)
_START = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS = 300
_CENTRE = (30.4, 114.9)
_SYLLABLES = "ba ve lo ri ta mo xi qu zen dor kal fin gra pel sto ny wex ju tro ha".split()
_COLOURS = (
    ("黑色", "黑", "black", "磨砂黑"), ("白色", "白", "white", "珍珠白"), ("红色", "红", "red", "酒红"),
    ("蓝色", "蓝", "blue", "天蓝"), ("灰色", "灰", "grey", "深灰"), ("绿色", "绿", "green", "墨绿"),
    ("紫色", "紫", "purple", "紫"), ("粉色", "粉", "pink", "樱花粉"),
)  # fmt: skip
_NOUNS = {
    "ebike": ("电动车", "电瓶车", "两轮电动车", "电动自行车"),
    "phone": ("手机", "智能手机", "手机一部"),
    "laptop": ("笔记本", "笔记本电脑", "手提电脑"),
    "camera": ("相机", "单反相机", "微单"),
    "watch": ("手表", "腕表"),
    "jewellery": ("首饰", "金饰"),
    "battery": ("电瓶", "蓄电池", "电池组"),
    "tobacco": ("卷烟", "香烟", "烟"),
    "cable": ("铜线", "电缆", "废铜线"),
}
_IDENTIFIERS = {
    "ebike": ("vehicle_code", "motor"), "phone": ("imei",), "laptop": ("serial",), "camera": ("serial",),
    "watch": ("serial",), "jewellery": ("certificate",), "battery": ("serial",), "tobacco": ("lasercode",),
    "cable": (),
}  # fmt: skip
_LABELS = {"imei": "串号", "vehicle_code": "车架号", "motor": "电机号", "certificate": "证书号", "lasercode": "激光码"}
_MARKED = ("刻字", "贴有", "划痕写着", "刻有")
_PREFIXES = ("", "", "", "店内被盗", "楼下停放的", "一台", "家中被盗")


@dataclass(frozen=True)
class Product:
    """A product line: its category, the names its make goes by, and the spellings of its model."""

    category: str
    makes: tuple[str, ...]
    models: tuple[str, ...]


@dataclass(frozen=True)
class Cases:
    """Goods, stolen items and the pairs that are the same thing, with their kind."""

    goods: tuple[Record, ...]
    stolen: tuple[Record, ...]
    gold: dict[tuple[str, str], str]


def make_cases(seed: int, stolen: int = 400, goods: int = 1600, true_share: float = 0.4) -> Cases:
    """Cases of a seed; the same seed gives the same cases. `true_share` of the stolen items turn up."""
    rng = Random(seed)
    products = _invent_products(rng)
    items = [_invent_item(rng, products, f"S{number:05}") for number in range(stolen)]
    lines: list[Record] = []
    gold: dict[tuple[str, str], str] = {}
    for item in items:
        if rng.random() < true_share:
            kind = _kind_for(rng, item)
            reported, line = _sell(rng, item, kind)
            items[items.index(item)] = reported
            lines.append(replace(line, ref=f"G{len(lines):05}"))
            gold[lines[-1].ref, reported.ref] = kind
    while len(lines) < goods:
        lines.append(replace(_innocent(rng, products, items), ref=f"G{len(lines):05}"))
    shuffled = rng.sample(lines, len(lines))
    return Cases(tuple(_written(rng, line) for line in shuffled), tuple(_written(rng, i) for i in items), gold)


def _invent_products(rng: Random) -> list[Product]:
    characters = common_characters()
    products = []
    for category in _NOUNS:
        for _ in range(5 if category in ("ebike", "phone") else 3):
            chinese = "".join(rng.sample(characters, rng.choice((2, 2, 3))))
            latin = "".join(rng.sample(_SYLLABLES, 3)).title()
            makes = rng.choice(((chinese,), (chinese, latin), (chinese, latin), (latin,)))
            for _ in range(rng.choice((1, 2, 3))):
                products.append(Product(category, makes, _invent_model(rng, characters)))
    return products


def _invent_model(rng: Random, characters: list[str]) -> tuple[str, ...]:
    word, number = "".join(rng.sample(characters, 2)), str(rng.randrange(2, 99))
    letter = rng.choice("ABCDEFGHKMNPRSTVXZ")
    return rng.choice(
        (
            (f"{word}{letter}{number}", f"{letter}{number}{word}"),
            (f"{letter}{number} Pro", f"{letter}{number}pro"),
            (f"{rng.choice(_SYLLABLES).upper()}-{number}{letter}", f"{rng.choice(_SYLLABLES).upper()}{number}{letter}"),
            (word, word),
            (f"{word} {number}", f"{word}{number}"),
        )
    )


def _invent_identifier(rng: Random, kind: str) -> str:
    def digits(count: int) -> str:
        return "".join(rng.choices("0123456789", k=count))

    def mixed(count: int) -> str:
        return "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=count))

    if kind == "imei":
        body = "86" + digits(12)
        doubled = [int(d) * (1 + i % 2) for i, d in enumerate(body)]
        return body + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)
    return {
        "vehicle_code": lambda: digits(15), "motor": lambda: mixed(14), "certificate": lambda: mixed(11),
        "lasercode": lambda: mixed(32), "serial": lambda: mixed(rng.choice((8, 10, 12))),
    }[kind]()  # fmt: skip


def _invent_item(rng: Random, products: list[Product], ref: str) -> Record:
    product = rng.choice(products)
    at = _START + timedelta(days=rng.random() * _DAYS)
    ids = tuple(Identifier(kind, _invent_identifier(rng, kind)) for kind in _IDENTIFIERS[product.category])
    weight = {"cable": rng.uniform(3000, 200_000), "jewellery": rng.uniform(2, 60)}.get(product.category)
    is_marked = rng.random() < 0.12
    return Record(
        ref=ref, category=product.category, brand=rng.choice(product.makes), model=rng.choice(product.models),
        colour="" if product.category in ("cable", "jewellery", "tobacco") else str(rng.randrange(len(_COLOURS))),
        marks=_invent_mark(rng) if is_marked else "", identifiers=ids, weight_g=weight,
        quantity=float(rng.randrange(2, 25)) if product.category in ("tobacco", "battery") else 1.0,
        value_fen=round(rng.lognormvariate(8, 0.7) * 100), happened_from=at, happened_to=at,
        lat=_CENTRE[0] + rng.gauss(0, 0.06), lng=_CENTRE[1] + rng.gauss(0, 0.06),
        specification="|".join((*product.makes, "", *product.models)),
    )  # fmt: skip


def _invent_mark(rng: Random) -> str:
    return rng.choice(_MARKED) + "".join(rng.choices(common_characters(), k=4)) + str(rng.randrange(10, 99))


def _kind_for(rng: Random, item: Record) -> str:
    if not item.identifiers:
        return "bulk"
    kind = rng.choices(KINDS[:-1], _SHARES[:-1])[0]
    return "distinctive" if item.marks and kind == "plain" else kind


def _sell(rng: Random, item: Record, kind: str) -> tuple[Record, Record]:
    """The report and the goods line of one thing, as each was written down."""
    if kind == "distinctive" and not item.marks:
        item = replace(item, marks=_invent_mark(rng))
    at = (item.happened_to or _START) + timedelta(
        days=0.1 + rng.gammavariate(1.4, 2.2) + (rng.random() < 0.06) * rng.uniform(10, 60)
    )
    line = replace(
        item, happened_from=at, happened_to=at, value_fen=round((item.value_fen or 0) * rng.uniform(0.08, 0.75)),
        lat=(item.lat or 0) + rng.gauss(0, 0.035), lng=(item.lng or 0) + rng.gauss(0, 0.04),
        weight_g=item.weight_g and item.weight_g * rng.uniform(0.9, 1.02),
        marks=item.marks if kind == "distinctive" or rng.random() < 0.5 else "",
    )  # fmt: skip
    if kind in ("distinctive", "plain", "bulk"):
        return (replace(item, identifiers=()), line) if rng.random() < 0.5 else (item, replace(line, identifiers=()))
    chosen = rng.choice(line.identifiers)
    if kind == "noisy_id":
        chosen = replace(chosen, value=misread(rng, chosen.value, rng.choice((1, 1, 2))))
    elif kind == "partial_id":
        tail = chosen.value[-rng.choice((4, 5, 6)) :]
        chosen = replace(chosen, value=rng.choice((tail, tail, f"尾号{tail}", f"{chosen.value[:4]}****{tail}")))
    if kind == "described_id":
        label = _LABELS.get(chosen.kind, "序列号")
        return item, replace(line, identifiers=(), marks="", description=f" {label}{chosen.value}")
    return item, replace(line, identifiers=(chosen,))


def _innocent(rng: Random, products: list[Product], items: list[Record]) -> Record:
    """A goods line that nobody reported; half of them of the same make, model and colour as a report, often near it."""
    item = _invent_item(rng, products, "")
    if rng.random() < 0.5:
        twin = rng.choice(items)
        item = replace(
            item, category=twin.category, brand=twin.brand, model=twin.model, colour=twin.colour,
            specification=twin.specification, weight_g=twin.weight_g and twin.weight_g * rng.uniform(0.3, 2.5),
            identifiers=tuple(replace(i, value=_invent_identifier(rng, i.kind)) for i in twin.identifiers),
        )  # fmt: skip
        if rng.random() < 0.2:
            at = (twin.happened_to or _START) + timedelta(days=rng.uniform(-5, 20))
            item = replace(item, happened_from=at, happened_to=at)
    if rng.random() < 0.25:
        item = replace(item, identifiers=())
    return replace(item, value_fen=round((item.value_fen or 0) * rng.uniform(0.2, 0.9)))


@cache
def _traditional() -> Any:
    return OpenCC("s2t")


def _written(rng: Random, record: Record) -> Record:
    """The record as a clerk typed it: another name, a slip, fields left blank, the description in any order."""
    makes, models = (half.strip("|").split("|") for half in record.specification.split("||"))
    make, model = rng.choice(makes), rng.choice(models)
    if rng.random() < 0.08:
        make = same_sound(rng, make)
    colour = rng.choice(_COLOURS[int(record.colour)]) if record.colour else ""
    noun = rng.choice(_NOUNS[record.category])
    told = make if rng.random() < 0.9 else slip(rng, make)
    named = model if rng.random() < 0.9 else slip(rng, model)
    parts = [part for part in (told, named, colour) if part]
    if rng.random() < 0.4:
        rng.shuffle(parts)
    parts.insert(rng.randrange(len(parts) + 1), noun)
    separator = rng.choice((" ", " ", " ", ",", ""))
    text = rng.choice(_PREFIXES) + separator + separator.join(parts)
    if record.marks:
        text += separator + (slip(rng, record.marks) if rng.random() < 0.15 else record.marks)
    if rng.random() < 0.12:
        text = _traditional().convert(text)
    has_fields = rng.random() < 0.6
    return replace(
        record, description=text + record.description, specification="", marks="",
        category=record.category if rng.random() < 0.93 else "other",
        brand=make if has_fields else "", model=model if has_fields and rng.random() < 0.7 else "",
        colour=colour if has_fields else "",
        identifiers=tuple(replace(i, value=spaced(rng, i.value)) for i in record.identifiers),
    )  # fmt: skip


def write_cases(cases: Cases, folder: Path) -> None:
    """The cases as stolen.csv, goods.csv and gold.csv, for the commands that read files."""
    columns = "ref category description brand model colour quantity weight_g lat lng".split()
    for name, records in (("goods", cases.goods), ("stolen", cases.stolen)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*columns, "identifiers", "value", "occurred_at"])
            for record in records:
                cells = [getattr(record, column) for column in columns]
                ids = ";".join(f"{i.kind}={i.value}" for i in record.identifiers)
                at = record.happened_to.isoformat() if record.happened_to else ""
                writer.writerow(["" if c is None else c for c in (*cells, ids, (record.value_fen or 0) / 100, at)])
    with (folder / "gold.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["goods_ref", "stolen_ref", "kind"])
        writer.writerows((*pair, kind) for pair, kind in cases.gold.items())


if __name__ == "__main__":
    # python -m tests.unit.matching.cases FOLDER SEED
    write_cases(make_cases(int(sys.argv[2]), stolen=2000, goods=10_000), Path(sys.argv[1]))
