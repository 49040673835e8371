# ruff: noqa: E501 - one record a line reads best
"""Invented visits to print: an ordinary one, an empty one, and one with everything too long."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from inspect_app.pdf.documents import (
    AlertLine,
    ChecklistItem,
    ChecklistSection,
    Finding,
    GoodsLine,
    Identifier,
    Language,
    Officer,
    Photo,
    Signature,
    VenueDetails,
    VisitRecordDocument,
)
from inspect_app.pdf.fonts import FontPair, load_fonts

_FONTS = Path(__file__).parents[3] / "node_modules/@expo-google-fonts/noto-sans-sc"
REGULAR = _FONTS / "400Regular/NotoSansSC_400Regular.ttf"
BOLD = _FONTS / "700Bold/NotoSansSC_700Bold.ttf"
_SHANGHAI = timezone(timedelta(hours=8))


def fonts() -> FontPair:
    return load_fonts(REGULAR, BOLD)


def picture(number: int, size: tuple[int, int] = (1200, 900)) -> bytes:
    """A photo that differs by number."""
    image = Image.new("RGB", size, (40 + number * 17 % 180, 120, 90))
    ImageDraw.Draw(image).ellipse((100, 100, 700, 700), fill=(230, 220, number * 31 % 255))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def photo(number: int, caption: str = "", size: tuple[int, int] = (1200, 900)) -> Photo:
    content = picture(number, size)
    taken_at = datetime(2026, 11, 24, 9, 40, tzinfo=_SHANGHAI)
    return Photo(
        content,
        sha256(content).hexdigest(),
        sha256(content[1:]).hexdigest(),
        caption,
        number if number == 3 else None,
        None,
        taken_at,
    )


def checklist() -> tuple[ChecklistSection, ...]:
    return (
        ChecklistSection(
            "市场监督管理部门",
            (
                ChecklistItem(
                    "营业执照在有效期内，统一社会信用代码与登记一致",
                    "yes",
                    "",
                    "《市场主体登记管理条例》第三条",
                    True,
                    "medium",
                ),
                ChecklistItem(
                    "营业执照置于经营场所醒目位置",
                    "no",
                    "执照存放于抽屉内，当场要求悬挂",
                    "《市场主体登记管理条例》第三十六条",
                    True,
                    "low",
                    1,
                ),
                ChecklistItem(
                    "商品明码标价", "not_applicable", "", "《明码标价和禁止价格欺诈规定》第五条", True, "low"
                ),
            ),
        ),
        ChecklistSection(
            "公安机关",
            (
                ChecklistItem(
                    "不收购公安机关通报寻查的赃物或者有赃物嫌疑的物品",
                    "no",
                    "3 号货品与协查通报相符",
                    "《治安管理处罚法》第七十一条第一款第三项",
                    True,
                    "high",
                    2,
                ),
                ChecklistItem(
                    "查验出售人身份证件并如实登记", "yes", "", "《旧货流通管理办法（试行）》", False, "medium"
                ),
                ChecklistItem("发现可疑人员、物品及时报告", "not_checked", "", None, False, "medium"),
            ),
        ),
    )


def goods_line(number: int) -> GoodsLine:
    is_phone = number % 2 == 1
    return GoodsLine(
        number=number,
        category="手机" if is_phone else "电动自行车",
        description="二手智能手机，屏幕右下角有裂纹" if is_phone else "二轮电动自行车，后座加装儿童座椅",
        brand="华为" if is_phone else "雅迪",
        model="Mate 40 Pro" if is_phone else "DT3",
        specification="256 GB" if is_phone else "48 V",
        colour="银色" if is_phone else "红色",
        marks="背面贴有卡通贴纸" if number == 3 else "",
        quantity=Decimal(1),
        unit="台" if is_phone else "辆",
        weight_g=None if is_phone else Decimal(45500),
        price_fen=120000 + number * 1000,
        identifiers=(
            (Identifier("IMEI", "860123456789014"), Identifier("序列号", "F4G7K2M9", number == 3))
            if is_phone
            else (Identifier("车架号", "175721508069087"), Identifier("电机号", "QS7210338", True))
        ),
        seller="张**",
        is_in_register=(True, False, None)[number % 3],
        disposition="在架待售" if number != 3 else "暂扣待查",
        has_alert=number == 3,
    )


def ordinary(language: Language = "zh", lines: int = 6) -> VisitRecordDocument:
    start = datetime(2026, 11, 24, 9, 30, tzinfo=_SHANGHAI)
    police, regulator = "鄂州市公安局", "鄂州市市场监督管理局"
    return VisitRecordDocument(
        language=language,
        number="JC-2026-000128",
        is_draft=False,
        agencies=(police, regulator),
        kind="日常检查" if language == "zh" else "Routine",
        venue=VenueDetails(
            "鄂城区凤凰旧货商行", "旧货经营", "92420704MA00AAB17F", "湖北省鄂州市鄂城区凤凰路 88 号 3 栋 102", "李*明", "凤凰街道"
        ),
        started_at=start,
        ended_at=start + timedelta(minutes=75),
        data_at=start + timedelta(minutes=90),
        data_version="3",
        data_hash=sha256(b"visit").hexdigest(),
        officers=(
            Officer("王建国", police, "凤凰派出所", "042117", "人民警察证"),
            Officer("陈晓", police, "凤凰派出所", "042203", "人民警察证"),
            Officer("刘芳", regulator, "凤凰市场监管所", "鄂D0012", "行政执法证"),
            Officer("周立", regulator, "凤凰市场监管所", "鄂D0047", "行政执法证"),
        ),
        checklist=checklist(),
        findings=(
            Finding("在店内 3 号柜台发现一部银色华为手机，IMEI 与 2026 年 11 月 20 日通报的被盗手机一致。", police,
                    "《治安管理处罚法》第七十一条第一款第三项", True),
            Finding("出售人登记簿缺少 2 条身份证件号码。", police, "《旧货流通管理办法（试行）》", False),
            Finding("营业执照未悬挂在醒目位置，当场责令改正。", regulator),
        ),
        venue_statement="手机系 11 月 21 日由一名男子出售，已登记其身份证件，愿意配合调查。",
        outcome="对 3 号货品先行登记保存，其余货品经比对未见异常。要求三日内补全登记簿，11 月 27 日复查。",
        goods=tuple(goods_line(number) for number in range(1, lines + 1)),
        alerts=(
            AlertLine(3, "E420704-2026-11-0031", ("IMEI 一致", "品牌一致", "颜色一致"), ("序列号尾部 1 位不同",), 0.99991, "高度疑似", "待核查", "1.0.0"),
        ),
        photos=(photo(1, "3 号柜台"), photo(2, "3 号货品背面贴纸", (900, 1200)), photo(3), photo(4, "登记簿")),
        signatures=(
            Signature("officer", "王建国", police),
            Signature("officer", "陈晓", police),
            Signature("officer", "刘芳", regulator),
            Signature("officer", "周立", regulator, start + timedelta(minutes=80)),
            Signature("venue", "李*明", "鄂城区凤凰旧货商行"),
            Signature("witness"),
        ),
    )  # fmt: skip


def empty(language: Language = "zh") -> VisitRecordDocument:
    """A draft in which nothing but the venue and the start has been filled in."""
    filled = ordinary(language)
    return VisitRecordDocument(
        language=language,
        number=filled.number,
        is_draft=True,
        agencies=filled.agencies[:1],
        kind=filled.kind,
        venue=VenueDetails("无名收购点", "再生资源回收"),
        started_at=filled.started_at,
        ended_at=None,
        data_at=filled.data_at,
        data_version="1",
        data_hash=filled.data_hash,
    )


LONG_SERIAL = "SN" + "0123456789ABCDEFGHIJ" * 10
LONG_CHINESE = "在店内仓库东侧货架发现来源不明的电动自行车电池若干，外壳编号有打磨痕迹，经营者不能当场说明来源，" * 42


_LONG_AGENCIES = (
    "鄂州市公安局治安管理支队",
    "鄂州市市场监督管理局综合执法支队",
    "鄂州市商务局",
    "鄂州市地方金融监督管理局",
)


def extreme(language: Language = "zh") -> VisitRecordDocument:
    """300 goods lines, unbroken serials, findings longer than a page, characters without a glyph."""
    base = ordinary(language)
    agencies = _LONG_AGENCIES
    lines = [goods_line(number) for number in range(1, 301)]
    lines[4] = _overfull(lines[4])
    return replace(
        base,
        is_draft=True,
        agencies=agencies,
        venue=VenueDetails(
            "鄂州市" + "凤凰旧货综合交易市场有限责任公司" * 6, "集中交易市场（含旧货、典当、再生资源）", "91420700MA00AAA02J",
            "湖北省鄂州市" + "鄂城区凤凰街道凤凰路" * 9, "𠮷田🙂·Абдурахман O’Brien-Ñandú", "鄂城区"
        ),
        officers=tuple(
            replace(base.officers[n % 4], agency=agencies[n % 4], unit="凤凰街道综合行政执法中心第二中队") for n in range(12)
        ),
        ended_at=base.started_at + timedelta(days=1, hours=3),
        findings=(Finding(LONG_CHINESE[:2000], agencies[0]), Finding("W" * 300 + "\u202e\x00", agencies[1])),
        venue_statement=LONG_SERIAL,
        outcome=LONG_CHINESE[:1200],
        goods=tuple(lines),
        alerts=tuple(_alert(number) for number in range(1, 41)),
        photos=_photos(),
        signatures=(
            *(Signature("officer", f"检查员{n}", agencies[n % 4]) for n in range(12)),
            Signature("venue", "李*明", "", None, "负责人阅读后拒绝签名，称需先与家人商量。" * 4),
            Signature("witness", "赵立新", "凤凰社区居民委员会"),
        ),
    )  # fmt: skip


def _overfull(line: GoodsLine) -> GoodsLine:
    return replace(
        line,
        category="其他贵重金属制品及工艺品",
        description=LONG_SERIAL * 2,
        marks=LONG_CHINESE[:900],
        identifiers=tuple(Identifier("序列号", LONG_SERIAL, True) for _ in range(4)),
        quantity=Decimal("123456789.125"),
        unit="千克（毛重）",
        weight_g=Decimal("1234567890.5"),
        price_fen=99999999999,
        seller="阿卜杜热合曼·买买提吐尔逊江·托合提尼亚孜",
        disposition="先行登记保存后移送公安机关进一步核查",
        has_alert=True,
    )


def _alert(number: int) -> AlertLine:
    agreeing = ("IMEI 一致", "品牌一致", "型号相近", "时间相符") * (6 if number == 2 else 1)
    contradicting = (LONG_SERIAL,) if number == 3 else ()
    probability = (0.9999, 0.62, 0.0001)[number % 3]
    return AlertLine(
        number, f"E420704-2026-11-{number:04d}", agreeing, contradicting, probability, "疑似", "已推送", "1.0.0"
    )


def _photos() -> tuple[Photo, ...]:
    """Seven good ones, one that is no picture, one that was changed after it was taken in."""
    good = [photo(number, LONG_CHINESE[:60] if number == 2 else "") for number in range(1, 8)]
    return (*good, Photo(b"not a picture", "", caption="坏文件"), Photo(picture(9), "0" * 64, caption="被改动"))
