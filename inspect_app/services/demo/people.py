"""The people of the city: officers with badges, owners and sellers with invented names, documents and telephones."""

from random import Random
from typing import Final

from inspect_app.services.demo import numbers
from inspect_app.services.demo.dice import stream
from inspect_app.services.demo.plans import PlannedOfficer, PlannedPerson

_FAMILY_NAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董"
    "潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白"
    "孟秦邱侯江尹薛闫段雷龙史陶贺顾毛郝龚邵"
)
_FIRST_LETTERS: Final = "家建国志文晓春秋海永明德荣立新学光玉桂金秀思子雨梓浩宇俊雅欣若依嘉景承远书砚清"
_SECOND_LETTERS: Final = "华强平军林峰辉斌涛波勇超磊鹏飞杰宁兰芳英梅霞燕娟静敏丽玲婷雪琳瑶彤萱涵轩然泽博航舟禾安岚"


def person_name(dice: Random) -> str:
    """An invented name of two or three characters."""
    second = dice.choice(_SECOND_LETTERS)
    first = dice.choice(_FIRST_LETTERS) if dice.random() < 0.8 else ""
    return dice.choice(_FAMILY_NAMES) + first + second


def plan_people(count: int) -> tuple[PlannedPerson, ...]:
    """So many owners and sellers."""
    dice = stream("people")
    return tuple(
        PlannedPerson(name=person_name(dice), document=numbers.resident_id(dice), phone=numbers.phone(dice))
        for _ in range(count)
    )


# Role, unit, how many, first badge number. The first ones are those that the sign-in page of the demo names.
_POSTS: Final = (
    ("inspector", "P-0704", 3, 110001),
    ("inspector", "M-0704", 3, 320001),
    ("desk", "P-0700", 1, 120001),
    ("investigator", "P-0700", 1, 130001),
    ("supervisor", "P-0700", 1, 140001),
    ("auditor", "P-0700", 1, 150001),
    ("admin", "P-0700", 1, 160001),
    ("inspector", "P-0704-1", 3, 110101),
    ("inspector", "P-0704-2", 3, 110201),
    ("inspector", "P-0704-3", 2, 110301),
    ("inspector", "P-0703", 3, 110401),
    ("inspector", "P-0702", 3, 110501),
    ("inspector", "M-0704-1", 2, 320101),
    ("inspector", "M-0703", 3, 320201),
    ("inspector", "M-0702", 3, 320301),
    ("supervisor", "M-0700", 1, 340001),
)


def plan_officers() -> tuple[PlannedOfficer, ...]:
    """Everyone who works in the city's twelve units."""
    dice = stream("officers")
    return tuple(
        PlannedOfficer(badge_number=str(first + step), full_name=person_name(dice), role=role, unit_code=unit)
        for role, unit, count, first in _POSTS
        for step in range(count)
    )
