"""Where the city lies: areas that nest by code, twelve units of two agencies, roads, and points on the map.

The city and its three districts have the codes and rough positions of real ones; streets, roads and units are invented.
"""

from random import Random
from typing import Final

from inspect_app.services.demo.plans import PlannedUnit

# Code, Chinese name, English name, latitude, longitude.
AREAS: Final = (
    ("4207", "示范市", "Demo City", 30.391, 114.895),
    ("420702", "梁子湖区", "Liangzihu District", 30.098, 114.685),
    ("420703", "华容区", "Huarong District", 30.534, 114.741),
    ("420704", "鄂城区", "Echeng District", 30.392, 114.892),
    ("420702901", "湖滨镇", "Hubin Town", 30.102, 114.691),
    ("420702902", "莲塘乡", "Liantang Township", 30.121, 114.652),
    ("420703901", "新港街道", "Xingang Street", 30.538, 114.745),
    ("420703902", "杨柳镇", "Yangliu Town", 30.512, 114.812),
    ("420704901", "临江街道", "Linjiang Street", 30.401, 114.886),
    ("420704902", "文星街道", "Wenxing Street", 30.386, 114.901),
    ("420704903", "石桥街道", "Shiqiao Street", 30.373, 114.868),
    ("420704904", "樟林镇", "Zhanglin Town", 30.352, 114.934),
)
STREETS: Final = tuple(area for area in AREAS if len(area[0]) == 9)

_UNITS: Final = (
    ("P-0700", "police", "市公安局情报指挥中心", "City Police Intelligence and Command Centre", "4207"),
    ("P-0704", "police", "鄂城分局治安管理大队", "Echeng Public Order Brigade", "420704"),
    ("P-0704-1", "police", "临江派出所", "Linjiang Police Station", "420704901"),
    ("P-0704-2", "police", "文星派出所", "Wenxing Police Station", "420704902"),
    ("P-0704-3", "police", "石桥派出所", "Shiqiao Police Station", "420704903"),
    ("P-0703", "police", "华容分局治安管理大队", "Huarong Public Order Brigade", "420703"),
    ("P-0702", "police", "梁子湖分局治安管理大队", "Liangzihu Public Order Brigade", "420702"),
    ("M-0700", "market_regulation", "市市场监督管理局", "City Market Regulation Bureau", "4207"),
    ("M-0704", "market_regulation", "鄂城区市场监督管理局", "Echeng Market Regulation Bureau", "420704"),
    ("M-0704-1", "market_regulation", "临江市场监督管理所", "Linjiang Market Regulation Office", "420704901"),
    ("M-0703", "market_regulation", "华容区市场监督管理局", "Huarong Market Regulation Bureau", "420703"),
    ("M-0702", "market_regulation", "梁子湖区市场监督管理局", "Liangzihu Market Regulation Bureau", "420702"),
)
_ROADS: Final = (
    "滨湖路", "古塔路", "文昌大道", "沿江东路", "建设街", "新民路", "花园路", "望江路", "桥头街", "工业一路",
    "东环路", "学院路", "迎宾大道", "青石巷", "和平路", "老码头路", "站前路", "红枫路", "莲池路", "兴业路",
)  # fmt: skip
_SPOTS: Final[dict[str, tuple[str, ...]]] = {
    "ebike": ("{estate}{n}栋单元门口", "{road}菜市场门口", "{estate}地下车棚", "{road}地铁口停车区", "{road}{n}号楼下"),
    "cable": ("{road}在建工地", "{road}变压器旁", "{estate}施工现场"),
    "scrap_metal": ("{road}在建工地", "{road}厂区仓库", "{road}拆迁工地"),
    "vehicle_part": ("{road}停车场", "{estate}路边停车位"),
    "battery": ("{estate}车棚", "{road}通信基站", "{road}路边停车位"),
    "liquor": ("{road}{n}号烟酒店", "{estate}门面仓库"),
    "tobacco": ("{road}{n}号烟酒店", "{estate}便利店"),
    "tool": ("{road}在建工地", "{estate}装修房内"),
}
_OTHER_SPOTS: Final = ("{estate}{n}栋", "{road}{n}号", "{road}公交车上", "{road}餐馆内", "{estate}车库", "{road}网吧")
_ESTATES: Final = (
    "滨江花园",
    "世纪新城",
    "文苑小区",
    "桃园小区",
    "金湖湾",
    "阳光家园",
    "翠湖居",
    "机械厂宿舍",
    "凤鸣苑",
    "东港公寓",
)


def plan_units() -> tuple[PlannedUnit, ...]:
    """The twelve units, each near the middle of its area."""
    positions = {code: (lat, lng) for code, _zh, _en, lat, lng in AREAS}
    return tuple(
        PlannedUnit(
            code=code,
            agency=agency,
            name_zh=name_zh,
            name_en=name_en,
            area_code=area,
            lat=positions[area][0],
            lng=positions[area][1] + (0.002 if agency == "police" else -0.002),
        )
        for code, agency, name_zh, name_en, area in _UNITS
    )


def pick_street(dice: Random) -> tuple[str, float, float]:
    """A street's code with a point in it (latitude, longitude); most of the city lives in the district of 420704."""
    weights = [6 if code.startswith("420704") else 3 if code.startswith("420703") else 2 for code, *_ in STREETS]
    code, _zh, _en, lat, lng = dice.choices(STREETS, weights)[0]
    return code, round(lat + dice.uniform(-0.012, 0.012), 5), round(lng + dice.uniform(-0.012, 0.012), 5)


def address_in(dice: Random, area_code: str) -> str:
    """An invented address in the street."""
    names = {code: name for code, name, *_ in AREAS}
    return f"{names[area_code[:6]]}{names[area_code]}{dice.choice(_ROADS)}{dice.randint(1, 260)}号"


def scene_in(dice: Random, area_code: str, category: str) -> str:
    """Where in the street a thing of that category was stolen."""
    names = {code: name for code, name, *_ in AREAS}
    spot = dice.choice(_SPOTS.get(category, _OTHER_SPOTS))
    return names[area_code] + spot.format(road=dice.choice(_ROADS), estate=dice.choice(_ESTATES), n=dice.randint(1, 38))
