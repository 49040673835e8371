"""What is sold and stolen in the city: makes, models, colours, marks and prices of each category, and who deals in it.

The makes and models are those that people in such a city own; the prices (yuan, second-hand) are guesses.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Model:
    """A model of a make with its specifications (may be empty) and the range of its second-hand price in yuan."""

    brand: str
    name: str
    specifications: tuple[str, ...]
    lowest_yuan: int
    highest_yuan: int


def _models(table: str) -> tuple[Model, ...]:
    """Reads lines of ``make | model | specification; specification | lowest-highest``."""
    found = []
    for line in table.strip().splitlines():
        brand, name, specifications, prices = (part.strip() for part in line.split("|"))
        lowest, highest = prices.split("-")
        choices = tuple(part.strip() for part in specifications.split(";") if part.strip())
        found.append(Model(brand, name, choices, int(lowest), int(highest)))
    return tuple(found)


MODELS: Final[dict[str, tuple[Model, ...]]] = {
    "phone": _models("""
        华为 | Mate 60 Pro | 12GB+256GB; 12GB+512GB | 2600-4200
        华为 | Pura 70 | 12GB+256GB | 2400-3400
        华为 | nova 12 | 8GB+256GB | 1100-1600
        华为 | 畅享 70 | 8GB+128GB | 450-750
        荣耀 | Magic6 | 12GB+256GB; 16GB+512GB | 1900-2900
        荣耀 | X50 | 8GB+256GB | 600-950
        小米 | 14 | 12GB+256GB; 16GB+512GB | 1900-2900
        红米 | K70 | 12GB+256GB | 1200-1700
        红米 | Note 13 | 8GB+128GB; 8GB+256GB | 480-800
        OPPO | Reno11 | 12GB+256GB | 1000-1500
        OPPO | A3 | 8GB+256GB | 600-900
        vivo | X100 | 12GB+256GB | 1900-2700
        vivo | Y100 | 8GB+256GB | 650-950
        苹果 | iPhone 13 | 128GB; 256GB | 1600-2300
        苹果 | iPhone 14 | 128GB; 256GB | 2300-3000
        苹果 | iPhone 15 Pro Max | 256GB; 512GB | 4900-6600
        三星 | Galaxy S23 | 8GB+256GB | 1800-2400
        """),
    "laptop": _models("""
        联想 | 小新 Pro 14 | 16GB+512GB; 16GB+1TB | 2600-3800
        联想 | ThinkPad E14 | 16GB+512GB | 2200-3200
        联想 | 拯救者 Y7000 | 16GB+1TB | 3800-5400
        华为 | MateBook D 14 | 16GB+512GB | 2300-3200
        华硕 | 天选 4 | 16GB+512GB | 3600-4800
        惠普 | 战 66 | 16GB+512GB | 2100-3000
        戴尔 | 灵越 15 | 16GB+512GB | 2000-2900
        苹果 | MacBook Air M2 | 8GB+256GB; 16GB+512GB | 4200-6200
        机械革命 | 极光 Pro | 16GB+512GB | 3300-4400
        """),
    "tablet": _models("""
        苹果 | iPad 第10代 | 64GB; 256GB | 1500-2300
        苹果 | iPad Air 5 | 64GB; 256GB | 2400-3400
        华为 | MatePad 11 | 8GB+128GB; 8GB+256GB | 1100-1700
        小米 | 平板 6 | 8GB+128GB; 8GB+256GB | 950-1500
        联想 | 小新 Pad 12.7 | 8GB+128GB | 700-1100
        """),
    "camera": _models("""
        佳能 | EOS R50 | 套机 18-45mm; 单机身 | 3200-4300
        佳能 | 5D Mark IV | 单机身; 带24-105mm镜头 | 5200-8200
        尼康 | Z30 | 套机 16-50mm | 3000-4000
        尼康 | D750 | 单机身 | 2900-3900
        索尼 | A7M3 | 单机身; 带28-70mm镜头 | 6200-8300
        富士 | X-T30 II | 套机 15-45mm | 4300-5600
        大疆 | Mini 3 | 带屏遥控器; 畅飞套装 | 2000-3200
        """),
    "ebike": _models("""
        雅迪 | DE3 | | 1300-2200
        雅迪 | 冠能 T5 | | 1700-2600
        爱玛 | A500 | | 1200-2100
        爱玛 | 小王子 | | 900-1500
        台铃 | 超能 S | | 1300-2200
        台铃 | 狮子王 | | 1000-1700
        小牛 | NQi | | 2300-3600
        九号 | E100 | | 2600-3900
        新日 | XC1 | | 1000-1700
        绿源 | S90 | | 1400-2300
        小刀 | T8 | | 900-1500
        立马 | 骑兵 | | 1000-1700
        """),
    "bicycle": _models("""
        捷安特 | ATX 777 | 26寸; 27.5寸 | 700-1300
        捷安特 | TCR SL | 700C | 3200-5200
        美利达 | 公爵 600 | 26寸; 27.5寸 | 650-1200
        美利达 | 勇士 500 | 27.5寸 | 600-1000
        喜德盛 | 黑客 380 | 26寸 | 500-900
        凤凰 | 经典 28 | 28寸 | 150-350
        永久 | C 型 | 26寸 | 150-300
        大行 | P8 | 20寸折叠 | 1200-2100
        """),
    "motorcycle": _models("""
        豪爵 | UHR150 | 150cc | 4200-6500
        本田 | 裂行 125 | 125cc | 4000-5800
        雅马哈 | 巧格 125 | 125cc | 4200-6000
        钱江 | 鸿 150 | 150cc | 4000-5600
        五羊 | 喜俊 | 110cc | 2600-3900
        """),
    "vehicle": _models("""
        大众 | 朗逸 | 2018款 三厢; 2020款 三厢 | 42000-72000
        丰田 | 卡罗拉 | 2019款 三厢 | 52000-76000
        比亚迪 | 秦 PLUS | 2022款 三厢 | 58000-78000
        日产 | 轩逸 | 2019款 三厢 | 45000-65000
        本田 | 雅阁 | 2018款 三厢 | 76000-99000
        """),
    "vehicle_part": _models("""
        本田 | 三元催化器 | 原厂拆车件 | 500-1600
        丰田 | 三元催化器 | 原厂拆车件 | 600-1900
        大众 | 轮毂 | 16寸; 17寸 | 200-600
        米其林 | 轮胎 | 205/55R16 | 120-320
        康明斯 | 柴油发动机 | 4缸 | 2400-5200
        """),
    "watch": _models("""
        浪琴 | 名匠 | 精钢; 精钢间金 | 5200-11000
        天梭 | 力洛克 | 精钢 | 1700-2900
        欧米茄 | 海马 300 | 精钢 | 18000-29000
        劳力士 | 日志型 | 精钢间金 | 42000-68000
        精工 | 五号 | 精钢 | 600-1200
        卡西欧 | G-SHOCK GA-2100 | 树脂 | 300-600
        飞亚达 | 摄影师 | 精钢 | 900-1700
        华为 | Watch GT 4 | 不锈钢 | 500-900
        """),
    "jewellery": _models("""
        周大福 | | 足金999 项链; 足金999 手镯; 足金999 戒指; PT950 戒指; 足金999 转运珠; 18K金 耳钉 | 2600-32000
        周大生 | | 足金999 项链; 足金999 吊坠; 18K金 项链; 足金999 耳环; 钻石 对戒 | 1800-18000
        老凤祥 | | 足金999 手镯; 足金999 耳环; 足银999 手镯; 足金999 戒指; 翡翠 吊坠 | 900-26000
        六福 | | 足金999 戒指; 18K金镶钻 戒指; 足金999 手链; 足金999 婚嫁三金 | 2200-21000
        周生生 | | 足金999 手链; PT950 项链; 足金999 生肖吊坠; 18K金 手链 | 2600-17000
        中国黄金 | | 足金999 手链; 投资金条 20g; 投资金条 10g; 足金999 手镯 | 5200-16000
        老庙 | | 足金999 古法手镯; 足金999 项链; 足金999 福字吊坠 | 2400-24000
        潘多拉 | | 925银 手链; 925银 串珠; 925银 戒指 | 150-700
        """),
    "battery": _models("""
        天能 | 6-DZF-20 | 72V20Ah; 60V20Ah; 48V20Ah | 220-520
        超威 | 6-DZF-20.3 | 72V20Ah; 60V20Ah | 220-520
        星恒 | 锂电池 | 48V24Ah; 60V24Ah | 500-1100
        骆驼 | 6-QW-60 | 12V60Ah | 90-220
        风帆 | 6-QW-80 | 12V80Ah | 120-260
        南都 | 通信基站电池 | 2V500Ah | 350-800
        """),
    "cable": _models("""
        远东 | YJV | 铜芯 3×50; 铜芯 4×25; 铜芯 3×120; 铜芯 5×16; 铜芯 4×95 | 900-9000
        上上 | YJV22 | 铜芯 3×70; 铜芯 4×35; 铜芯 3×95; 铜芯 4×150 | 900-9000
        宝胜 | WDZ-YJY | 铜芯 4×50; 铜芯 5×10; 铜芯 4×70 | 900-8200
        起帆 | BVR | 铜芯 10mm²; 铜芯 6mm²; 铜芯 4mm²; 铜芯 2.5mm² | 300-2600
        江南 | YC | 铜芯 3×16+1; 铜芯 3×6+1; 铜芯 3×35+1 | 400-3600
        中天 | GYTA53 | 通信光缆 24芯; 通信光缆 48芯; 通信光缆 96芯 | 200-1600
        亨通 | HYA | 通信电缆 50对; 通信电缆 100对; 通信电缆 200对 | 300-2800
        | | 紫铜线 已剥皮; 铜芯 杂线; 铝芯 架空线; 电焊机 把线; 汽车 线束 | 600-8000
        """),
    "scrap_metal": _models("""
        | | 紫铜管 Φ22; 紫铜管 Φ15; 紫铜管 Φ28; 紫铜排 40×4; 紫铜排 60×6 | 400-5200
        | | 黄铜 阀门; 黄铜 水表壳; 黄铜 水龙头; 黄铜 刨花 | 300-3600
        | | 铝型材 断桥料; 铝型材 门窗料; 熟铝 锅盆; 铝线 旧料; 铝板 3mm; 生铝 缸体 | 200-3800
        | | 螺纹钢 Φ12; 螺纹钢 Φ18; 螺纹钢 Φ25; 工字钢 14号; 槽钢 10号; 角钢 50×5; 钢板 8mm; 方管 40×40 | 200-4200
        | | 铸铁 管件; 铸铁 井盖; 废铁 薄料; 废铁 中料; 废铁 重料; 扣件 旧料; 脚手架 钢管 | 100-2200
        | | 304不锈钢 边角料; 304不锈钢 管; 201不锈钢 厨具; 304不锈钢 水箱 | 300-4200
        | | 电机 三相; 电机 水泵; 变压器 铁芯; 压缩机 冰箱; 铅块 旧料; 锌合金 杂件 | 200-2600
        """),
    "liquor": _models("""
        茅台 | 飞天 | 500ml 53度 | 1500-2300
        五粮液 | 普五第八代 | 500ml 52度 | 700-960
        国窖1573 | 经典装 | 500ml 52度 | 650-880
        洋河 | 梦之蓝 M6+ | 550ml 52度 | 420-620
        剑南春 | 水晶剑 | 500ml 52度 | 300-430
        汾酒 | 青花20 | 500ml 53度 | 300-420
        白云边 | 15年陈酿 | 500ml 42度 | 120-210
        """),
    "tobacco": _models("""
        黄鹤楼 | 硬1916 | | 780-980
        黄鹤楼 | 软蓝 | | 150-190
        中华 | 软 | | 560-660
        中华 | 硬 | | 360-430
        芙蓉王 | 硬 | | 200-240
        玉溪 | 软 | | 180-220
        利群 | 新版 | | 110-150
        """),
    "tool": _models("""
        博世 | GBH 2-26 | 电锤 800W | 350-650
        博世 | GSB 600 | 冲击钻 600W | 160-320
        牧田 | HR2630 | 电锤 800W | 400-750
        牧田 | GA4030 | 角磨机 720W | 180-330
        得伟 | DCD796 | 充电冲击钻 18V | 500-880
        东成 | DCZC04 | 充电冲击钻 20V | 220-420
        大艺 | A7 | 充电角磨机 | 260-460
        喜利得 | TE 30 | 电锤 850W | 1600-2900
        """),
    "tv_appliance": _models("""
        海信 | 55E3H | 55寸电视 | 700-1200
        TCL | 65V8E | 65寸电视 | 1000-1700
        美的 | KFR-35GW | 1.5匹空调 | 500-1000
        格力 | 云佳 | 1.5匹空调 | 600-1200
        海尔 | BCD-218 | 三门冰箱 | 300-700
        小天鹅 | TG100 | 10公斤洗衣机 | 350-800
        """),
    "clothing": _models("""
        路易威登 | Neverfull | 中号手袋 | 4200-8800
        古驰 | Marmont | 小号链条包 | 3800-7200
        香奈儿 | CF | 中号链条包 | 18000-39000
        耐克 | Air Jordan 1 | 42码; 43码 | 400-900
        加拿大鹅 | Expedition | M码; L码 | 1900-3300
        """),
}

COLOURS: Final[dict[str, tuple[str, ...]]] = {
    "phone": ("黑色", "白色", "蓝色", "绿色", "紫色", "金色"),
    "laptop": ("银色", "深灰色", "黑色"),
    "tablet": ("银色", "深灰色", "蓝色"),
    "camera": ("黑色", "黑色", "银色"),
    "ebike": ("黑色", "白色", "红色", "蓝色", "灰色", "绿色", "粉色"),
    "bicycle": ("黑色", "白色", "红色", "蓝色", "黑红色", "黄色"),
    "motorcycle": ("黑色", "红色", "白色", "蓝色"),
    "vehicle": ("白色", "黑色", "银色", "灰色"),
    "vehicle_part": ("银色", "黑色"),
    "watch": ("银色", "黑色", "蓝色", "金色"),
    "tool": ("蓝色", "绿色", "黄色", "红色"),
    "tv_appliance": ("白色", "黑色", "银色"),
    "clothing": ("黑色", "棕色", "白色", "红色"),
}

# How many of a hundred goods lines and thefts are of a category, where the venue or the thief has the choice.
TRADES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "digital": (("phone", 60), ("laptop", 20), ("tablet", 12), ("camera", 8)),
    "bikes": (("ebike", 58), ("bicycle", 22), ("battery", 14), ("motorcycle", 6)),
    "liquor": (("liquor", 62), ("tobacco", 38)),
    "luxury": (("watch", 42), ("jewellery", 38), ("clothing", 20)),
    "mixed": (("tool", 28), ("tv_appliance", 26), ("phone", 18), ("bicycle", 14), ("camera", 8), ("battery", 6)),
    "pawn": (("jewellery", 44), ("watch", 24), ("phone", 12), ("laptop", 10), ("camera", 6), ("vehicle", 4)),
    "scrap": (("scrap_metal", 44), ("cable", 24), ("battery", 16), ("vehicle_part", 8), ("ebike", 4), ("tool", 4)),
}
THEFTS: Final[tuple[tuple[str, float], ...]] = (
    ("ebike", 27), ("phone", 21), ("battery", 9), ("jewellery", 7), ("laptop", 7), ("bicycle", 7), ("cable", 5),
    ("watch", 4), ("liquor", 4), ("tobacco", 3), ("camera", 3), ("tool", 3), ("tablet", 3), ("motorcycle", 2),
    ("scrap_metal", 2), ("vehicle_part", 1), ("clothing", 1), ("vehicle", 0.5), ("tv_appliance", 0.5),
)  # fmt: skip
