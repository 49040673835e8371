"""What tells one thing from its like: damage, stickers, engravings, each made of parts so that few are alike."""

from random import Random
from typing import Final

_COMMON: Final[dict[str, tuple[str, ...]]] = {
    "phone": ("屏幕右上角有裂纹", "背面有划痕", "边框磕碰", "贴有钢化膜", "带黑色硅胶壳", "充电口松动"),
    "laptop": ("A面有划痕", "键盘F键磨光", "屏幕左下角亮点", "电池不耐用", "D面缺一颗螺丝"),
    "tablet": ("屏幕边缘有裂纹", "背面有划痕", "带蓝色保护套", "带手写笔"),
    "camera": ("机身底部掉漆", "热靴有磨损", "镜头前组有细划痕", "带相机包", "快门声音异常"),
    "ebike": (
        "前轮挡泥板开裂",
        "坐垫有破口",
        "加装后备箱",
        "装有挡风被",
        "左侧后视镜缺失",
        "脚踏板掉漆",
        "装有儿童座椅",
    ),
    "bicycle": ("车把胶带磨损", "车架掉漆", "加装货架", "前轮换过", "缺前灯"),
    "motorcycle": ("右侧护板划伤", "排气管有磕碰", "加装尾箱", "大灯罩开裂"),
    "vehicle": ("左后门凹陷", "前保险杠补过漆", "右后视镜更换过", "内饰改色"),
    "vehicle_part": ("有切割痕迹", "螺栓锈蚀", "外壳凹陷"),
    "watch": ("表镜有划痕", "表带缺一节", "表扣磨损", "走时偏快", "带原装盒"),
    "jewellery": ("搭扣有修补痕迹", "表面有划痕", "带原装盒"),
    "battery": ("外壳有划痕", "接线柱锈蚀", "贴有回收标签"),
    "cable": ("已剥皮", "有火烧痕迹", "盘卷捆扎", "端头锯切"),
    "scrap_metal": ("有新鲜切口", "带油漆", "捆扎成把", "锈蚀严重"),
    "liquor": ("酒标有水渍", "外盒破损", "瓶口封膜完好", "带手提袋"),
    "tobacco": ("外膜完好", "一条拆封"),
    "tool": ("电源线接过", "外壳缺口", "带工具箱", "开关松动"),
    "tv_appliance": ("外壳磕碰", "缺遥控器", "贴有搬家标签"),
    "clothing": ("拉链磨损", "边角磨白", "带防尘袋"),
}
_WORDS: Final = (
    "平安",
    "小鱼",
    "阿杰",
    "一路顺风",
    "福",
    "勿动",
    "晨光",
    "小石头",
    "乐乐",
    "长江",
    "向阳",
    "老李记",
    "青禾",
    "明珠",
)
_SHAPES: Final = ("五角星", "闪电", "小熊", "向日葵", "骷髅头", "鲸鱼", "皇冠", "红心", "枫叶", "船锚", "猫爪", "火箭")
_PLACES: Final[dict[str, tuple[str, ...]]] = {
    "jewellery": ("内圈", "背面", "搭扣内侧"),
    "watch": ("后盖", "表扣内侧"),
    "ebike": ("坐垫下", "前面板", "后备箱盖", "左侧护板"),
    "scrap_metal": ("端面", "侧面"),
    "cable": ("外皮", "端头"),
}


def common_mark(dice: Random, category: str) -> str:
    """A mark that many things of the category have."""
    return dice.choice(_COMMON.get(category, ("表面有划痕",)))


def rare_mark(dice: Random, category: str) -> str:
    """A mark that hardly another thing has: a name engraved, a sticker in an odd place, a painted number."""
    place = dice.choice(_PLACES.get(category, ("背面", "侧面", "底部")))
    letters = "".join(dice.choice("ABCDEFGHJKLMNPQRSTWXYZ") for _ in range(2))
    number = dice.randint(11, 99)
    if category in {"jewellery", "watch"}:
        return dice.choice((f"{place}刻“{letters}·{number}”", f"{place}刻“{dice.choice(_WORDS)}{number}”"))
    if category in {"cable", "scrap_metal", "battery", "vehicle_part"}:
        return f"{place}喷有“{dice.choice(_WORDS)}工地{number}”白色字样"
    shape, colour = dice.choice(_SHAPES), dice.choice(("红色", "黄色", "蓝色", "绿色", "银色"))
    return dice.choice(
        (
            f"{place}贴有{colour}{shape}贴纸，写着“{letters}{number}”",
            f"{place}用小刀刻有“{dice.choice(_WORDS)}{number}”",
        )
    )
