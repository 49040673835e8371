"""The printed visit read back: what it says, that it repeats byte for byte, and that nothing falls off the page."""

import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import ImageChops
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4

from inspect_app.pdf.alerts_annex import format_probability
from inspect_app.pdf.documents import Language, RenderedDocument, VisitRecordDocument
from inspect_app.pdf.fonts import FontNotUsable, load_fonts
from inspect_app.pdf.goods_annex import format_price, format_quantity, format_weight
from inspect_app.pdf.pages import RIGHT, TOP
from inspect_app.pdf.verification import VerificationCode, verification_text
from inspect_app.pdf.visit_record import render_visit_record
from tests.unit.pdf import samples

LANGUAGES: tuple[Language, Language] = ("zh", "en")


@cache
def printed(document: VisitRecordDocument) -> RenderedDocument:
    return render_visit_record(document, samples.fonts())


def pages_of(document: VisitRecordDocument) -> list[str]:
    """Each page's text without any white space, so that line breaks do not matter."""
    reader = PdfReader(BytesIO(printed(document).content))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def text_of(document: VisitRecordDocument) -> str:
    return "".join(pages_of(document))


def test_ordinary_visit_says_what_was_recorded() -> None:
    text = text_of(samples.ordinary())
    for expected in (
        "鄂州市公安局", "联合检查记录", "编号：JC-2026-000128", "鄂城区凤凰旧货商行", "92420704MA00AAB17F",
        "2026年11月24日09:30至10:45", "人民警察证", "042117", "不收购公安机关通报寻查的赃物", "3号货品与协查通报相符",
        "愿意配合调查", "11月27日复查", "华为", "860123456789014", "F4G7K2M9（存疑）", "张**", "45.5kg", "¥1,230.00",
        "见附件2",
        "E420704-2026-11-0031", "序列号尾部1位不同", ">99.9%", "3号货品背面贴纸", "见证人", "拒签或不在场情况",
    ):  # fmt: skip
        assert "".join(expected.split()) in text, expected


def test_unverified_basis_is_never_cited() -> None:
    document = samples.ordinary()
    text = text_of(document)
    assert "待法制核对" in text
    assert "旧货流通管理办法" not in text
    assert "《治安管理处罚法》" in text
    assert "Pendinglegalreview" in text_of(samples.ordinary("en"))


def test_every_page_carries_number_page_of_pages_and_hash() -> None:
    document = samples.ordinary()
    pages = pages_of(document)
    assert len(pages) == printed(document).page_count > 3
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in page
        assert f"数据摘要{document.data_hash[:16]}" in page
        assert page.count("编号：JC-2026-000128") >= (1 if number == 1 else 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_object_gives_the_same_bytes_in_a_fresh_process(language: Language) -> None:
    document = samples.ordinary(language)
    first = render_visit_record(document, samples.fonts()).content
    assert render_visit_record(document, samples.fonts()).content == first
    code = (
        "import sys; from tests.unit.pdf import samples; from inspect_app.pdf.visit_record import render_visit_record;"
        f"samples.ordinary('zh'); render_visit_record(samples.extreme(), samples.fonts());"
        f"sys.stdout.buffer.write(render_visit_record(samples.ordinary('{language}'), samples.fonts()).content)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "SOURCE_DATE_EPOCH": "1"}
    root = Path(__file__).parents[3]
    fresh = subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, check=True)
    assert fresh.stdout == first


def test_metadata_comes_from_the_document_not_the_clock() -> None:
    document = samples.ordinary()
    metadata = PdfReader(BytesIO(printed(document).content)).metadata
    assert metadata is not None
    assert metadata.creation_date == document.data_at
    assert document.number in (metadata.title or "")
    assert document.data_hash in (metadata.subject or "")


@pytest.mark.parametrize("document", [samples.ordinary(), samples.empty("en"), samples.extreme()])
def test_every_font_is_embedded(document: VisitRecordDocument) -> None:
    reader = PdfReader(BytesIO(printed(document).content))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            entry = font.get_object()
            names.add(entry["/BaseFont"])
            assert "/FontFile2" in entry["/FontDescriptor"].get_object(), entry["/BaseFont"]
    assert names
    assert all("NotoSansSC" in name for name in names)


def test_characters_without_glyph_are_reported_and_visible() -> None:
    result = printed(samples.extreme())
    assert {m.character for m in result.missing_characters} == {"𠮷", "🙂", "\u202e", "\x00"}
    text = text_of(samples.extreme())
    assert "[U+20BB7]田[U+1F642]" in text
    assert "[U+20BB7]共1处" in text
    assert printed(samples.ordinary()).missing_characters == ()


def test_photo_that_is_not_what_was_recorded_is_reported_and_not_shown() -> None:
    result = printed(samples.extreme())
    assert [(f.number, f.fault) for f in result.faulty_photos] == [(8, "unreadable"), (9, "altered")]
    text = text_of(samples.extreme())
    assert "照片文件无法读取" in text
    assert "与登记的哈希值不符" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_extreme_visit_loses_nothing(language: Language) -> None:
    document = samples.extreme(language)
    pages = pages_of(document)
    text = "".join(pages)
    assert text.count("0123456789ABCDEFGHIJ") >= 20
    head = "品名及特征" if language == "zh" else "Descriptionandfeatures"
    goods_pages = [page for page in pages if "雅迪" in page]
    assert len(goods_pages) > 10
    assert all(head in page for page in goods_pages)
    for line in document.goods:
        assert format_price(line.price_fen) in text
    assert text.count("在店内仓库东侧货架") > 2000 // 49 + 1200 // 49


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_drawn_outside_the_margins(language: Language) -> None:
    pdf = pypdfium2.PdfDocument(printed(replace(samples.extreme(language), is_draft=False)).content)
    for index in range(len(pdf)):
        image = pdf[index].render(scale=1, grayscale=True).to_pil()
        ink = ImageChops.invert(image.convert("L")).getbbox()
        assert ink is not None
        left, top, right, bottom = ink
        inside = left >= 60 and right <= image.width - 49 and top >= 20 and bottom <= image.height - 25
        assert inside, (index, ink)
    pdf.close()


def test_long_texts_stay_inside_their_cells() -> None:
    """Every drawn character of an unbroken serial lies between the rules of the identifiers column."""
    line = replace(
        samples.goods_line(1),
        identifiers=(replace(samples.goods_line(1).identifiers[0], kind="", value="W" * 400),),
    )
    pdf = pypdfium2.PdfDocument(printed(replace(samples.ordinary(), goods=(line,))).content)
    page = next(pdf[i] for i in range(len(pdf)) if pdf[i].get_width() > pdf[i].get_height())
    text = page.get_textpage()
    boxes = [text.get_charbox(i) for i in range(text.count_chars()) if text.get_text_range(i, 1) == "W"]
    assert len(boxes) == 400
    assert max(box[2] for box in boxes) - min(box[0] for box in boxes) < 142
    text.close()
    page.close()
    pdf.close()


def test_verification_code_is_drawn_as_encoded() -> None:
    """Every module of the code is found dark or light on the rendered page."""
    document = samples.ordinary()
    modules = VerificationCode(verification_text(document))._modules
    scale = 4
    pdf = pypdfium2.PdfDocument(printed(document).content)
    page = pdf[0].render(scale=scale, grayscale=True).to_pil().convert("L")
    pdf.close()
    module = 58 / (len(modules) + 4)
    left, top = A4[0] - RIGHT - 58 + 2 * module, TOP + 2 * module
    seen = [
        [page.getpixel((int((left + (c + 0.5) * module) * scale), int((top + (r + 0.5) * module) * scale))) < 128
         for c in range(len(modules))]
        for r in range(len(modules))
    ]  # fmt: skip
    assert seen == [[bool(cell) for cell in row] for row in modules]
    assert verification_text(document) == f"JC-2026-000128 v3 sha256:{document.data_hash}"


def test_draft_says_so_on_every_page_and_a_submitted_visit_nowhere() -> None:
    assert all("草稿" in page for page in pages_of(samples.empty()))
    assert all("DRAFT" in page for page in pages_of(samples.empty("en")))
    assert "草稿" not in text_of(samples.ordinary())


def test_visit_without_goods_alerts_or_photos_has_no_annexes() -> None:
    text = text_of(samples.empty())
    assert "本次检查未登记货品" in text
    assert not re.search(r"附件\d", text)


def test_copy_without_alerts_does_not_point_to_an_annex_of_alerts() -> None:
    text = text_of(replace(samples.ordinary(), alerts=()))
    assert "涉盗嫌疑物品比对提示" not in text
    assert "见附件2" not in text


def test_thirty_lines_print_quickly() -> None:
    document = replace(samples.ordinary(lines=30), photos=())
    fonts = samples.fonts()
    render_visit_record(document, fonts)
    start = time.perf_counter()
    render_visit_record(document, fonts)
    assert time.perf_counter() - start < 0.3


def test_a_missing_font_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontNotUsable) as raised:
        load_fonts(tmp_path / "none.ttf", samples.BOLD)
    assert "none.ttf" in str(raised.value)
    (tmp_path / "bad.ttf").write_bytes(b"not a font")
    with pytest.raises(FontNotUsable):
        load_fonts(samples.REGULAR, tmp_path / "bad.ttf")


def test_figures_are_written_for_people() -> None:
    assert format_quantity(Decimal("3.000"), "台") == "3 台"
    assert format_quantity(Decimal("1.50"), "米") == "1.5 米"
    assert format_weight(Decimal(999)) == "999 g"
    assert format_weight(Decimal("45500")) == "45.5 kg"
    assert format_price(5) == "¥0.05"
    assert format_price(None) == ""
    assert [format_probability(p) for p in (0.99991, 0.875, 0.0001, None)] == [">99.9%", "87.5%", "<0.1%", ""]
