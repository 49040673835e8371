"""What officers, owners and shopkeepers write and say, invented, in the register of such records."""

from collections.abc import Sequence
from random import Random
from typing import Final

# What an inspector notes where an item of the checklist is not in order, by the item's key.
NOT_IN_ORDER: Final[dict[str, tuple[str, ...]]] = {
    "general.licence": ("实际经营项目超出营业执照经营范围，现场未能出示变更材料。", "执照原件未在场，仅出示手机照片。"),
    "general.display": ("营业执照放在里间抽屉内，未悬挂。", "执照被货架遮挡，从柜台处看不到。"),
    "general.changes": ("店招名称与执照登记名称不一致。", "实际经营者已换人两个月，未办理变更登记。"),
    "second_hand.wanted_goods": ("台账未附协查通报核对记录，抽查两件说不清来源。",),
    "second_hand.banned_goods": ("里间货架发现通信线缆接头盒两只，无法说明来源。",),
    "second_hand.handling": ("两部手机收购价明显低于市价，出售人信息空白。", "库房内有一批货品未登记，称为朋友寄放。"),
    "second_hand.seller_identity": (
        "抽查收购记录20笔，其中4笔未登记出售人证件号码。",
        "代他人出售的三笔无委托书。",
        "台账只记姓名，未记证件种类和号码。",
    ),
    "second_hand.report_suspects": ("从业人员不清楚报告方式，无报告记录本。",),
    "second_hand.relics": ("柜台摆放旧瓷器五件，未取得文物销售许可，已建议移交文物部门核查。",),
    "second_hand.scrap_vehicles": ("院内停放一辆无牌摩托车，未能提供来历证明。",),
    "second_hand.price_marking": ("在售商品约三分之一未标价。", "价签与实际要价不一致。"),
    "second_hand.tobacco": ("回收的卷烟摆在柜台销售，未能出示烟草专卖零售许可证。",),
    "pawn.verify": ("抽查当票15笔，2笔未留存当物来源证明。",),
    "pawn.record": ("近一周当物信息未上传。", "库存与台账不符，少登记一件。"),
    "pawn.report": ("未建立协查通报核对台账。",),
    "pawn.prohibited": ("当物中有一枚单位公章，当户未说明来源，已封存待查。",),
    "pawn.ticket": ("两张当票未填写综合费率。",),
    "pawn.security": ("录像仅保存26天。", "库房报警器测试无响应。"),
    "pawn.name": ("门头简称与许可证名称不一致。",),
    "pawn.forfeited": ("一件估价3.6万元的绝当品自行变卖，未公开拍卖。",),
    "pawn.vehicles": ("当户车辆登记证书为复印件，未核对原件。",),
    "pawn.preserved": ("封存标签脱落一处，当场重新张贴。",),
    "scrap.police_filing": ("未能出示公安机关备案回执。", "取得执照已满两个月，尚未备案。"),
    "scrap.filing_changes": ("经营地址变更后未办理备案变更。",),
    "scrap.commerce_filing": ("未办理商务部门备案登记。",),
    "scrap.site": ("料场紧邻在建工地，需进一步核实是否属于禁设区域。",),
    "scrap.industrial": ("料堆中有成批新切割的工字钢，疑为生产性废旧金属，经营者不具备资质。",),
    "scrap.register": ("收购台账缺出售单位证明三笔。", "近十天收购未登记，称来不及补写。"),
    "scrap.banned_metal": ("料堆中发现市政井盖三块、电力金具若干。",),
    "scrap.report": ("无报告记录，店员称没遇到过。",),
    "scrap.retention": ("两年前的台账已丢失。",),
    "scrap.cooperate": ("负责人拖延开启里间库房约十五分钟。",),
    "scrap.vehicle_qualification": ("院内有拆解的摩托车发动机两台，未取得资质认定。",),
    "scrap.vehicle_log": ("拆解件未逐车登记。",),
    "scrap.relics": ("从业人员不了解文物拣选移交要求。",),
}
_IN_ORDER: Final = ("现场查验原件。", "抽查10笔，记录齐全。", "询问店员，回答清楚。", "与上次检查一致。")
_NOT_APPLICABLE: Final = ("无此项业务。", "未经营该类货品。")
_STATEMENTS_FINE: Final = (
    "对检查结果无异议。",
    "以上情况属实，今后继续按规定登记。",
    "店里一直按要求登记，有可疑的会及时报告。",
    "没有意见，感谢检查指导。",
)
_STATEMENTS_FAULT: Final = (
    "登记不全是店员疏忽，今天就补齐，以后专人负责。",
    "不清楚还要核对证件原件，以后收货先看证件再付钱。",
    "情况属实，愿意限期整改。",
    "前段时间家里有事，台账没来得及写，保证三天内补登。",
    "价签是搬货时弄掉的，马上重新贴好。",
)
_STATEMENTS_HELD: Final = (
    "该物品是一名男子上门出售的，说是自己不用了，我看了身份证，没有想到有问题，同意先行登记保存。",
    "收的时候按二手价付的现金，对方留了电话，愿意配合公安机关查找出售人。",
    "当时生意忙没有细问来源，现同意暂存，等待核查结果。",
)
_CLOSINGS: Final = {
    "no_problem": (
        "检查期间场所配合，抽查货品来源清楚，未发现违法违规问题。",
        "台账齐全，抽查货品与台账相符，未发现问题。",
    ),
    "corrected_on_site": ("以上问题已现场指出并当场改正。",),
    "rectification_ordered": ("责令7日内改正，到期复查。", "责令15日内改正并报送整改情况。"),
    "goods_held": ("上述物品已先行登记保存，清单一式两份，当场交付负责人。",),
    "case_opened": ("相关物品及线索移交案件办理部门查处。",),
}
_METHODS: Final = {
    "ebike": ("撬坏锁具后骑走", "剪断链条锁推走", "钥匙未拔被骑走", "短接线路后骑走"),
    "battery": ("撬开坐垫盗走电池", "剪断连接线搬走", "破坏机柜门锁盗走"),
    "phone": ("在公交车上被扒窃", "放在桌上被顺手拿走", "入室盗窃", "充电时被拿走"),
    "bicycle": ("剪断车锁骑走", "未上锁被推走"),
    "cable": ("夜间剪断电缆盗走", "翻墙进入工地盗走"),
    "scrap_metal": ("翻墙进入工地搬走", "夜间用三轮车拉走"),
    "liquor": ("撬门进入店内盗走", "谎称买酒调包"),
    "tobacco": ("撬卷帘门进入店内盗走", "谎称买烟调包"),
    "vehicle": ("技术开锁开走", "钥匙被盗后开走"),
    "motorcycle": ("撬锁后推走", "短接线路后骑走"),
}
_OTHER_METHODS: Final = ("入室盗窃，翻窗进入", "技术开锁入室", "车窗被砸，车内物品被盗", "趁人不备拿走", "撬门入室")


def note_for(dice: Random, item_key: str, answer: str) -> str:
    """The inspector's note beside an answer; always there where the answer is no, seldom elsewhere."""
    if answer == "no":
        return dice.choice(NOT_IN_ORDER[item_key])
    if answer == "not_applicable":
        return dice.choice(_NOT_APPLICABLE) if dice.random() < 0.4 else ""
    return dice.choice(_IN_ORDER) if dice.random() < 0.08 else ""


def findings_of(dice: Random, notes: Sequence[str], held: Sequence[str], outcome: str) -> str:
    """What the officers found: the faults by number, the goods that were held, and what was done."""
    lines = [*notes, *(f"货品登记中{name}与协查通报信息相符，出售人情况待查。" for name in held)]
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    return "\n".join([*numbered, dice.choice(_CLOSINGS[outcome])])


def statement_of(dice: Random, outcome: str) -> str:
    """What the venue says to it."""
    if outcome == "no_problem":
        return dice.choice(_STATEMENTS_FINE)
    if outcome in {"goods_held", "case_opened"}:
        return dice.choice(_STATEMENTS_HELD)
    return dice.choice(_STATEMENTS_FAULT)


def method_of(dice: Random, category: str) -> str:
    """How a thing of the category was stolen, as the report has it."""
    return dice.choice(_METHODS.get(category, _OTHER_METHODS))
