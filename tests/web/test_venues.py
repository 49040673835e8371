"""Venue pages: what they show, what they refuse and in which words, and that nothing typed is lost."""

from typing import Any

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import Alert, User, Venue
from tests.factories import accounts, records
from tests.pages import Page, Pages

CODE = "91420700MA00AAA02J"
TYPED = {
    "kind": "second_hand",
    "name": "古城路旧货行",
    "credit_code": CODE,
    "area_code": "420704",
    "address": "古城路8号",
    "responsible_name": "王小明",
    "responsible_phone": "１３８００００５６７８",
}


@pytest.fixture
def browser(pages: Pages, inspector: User) -> Pages:
    return pages.sign_in(inspector)


def _register(browser: Pages, **values: Any) -> Page:
    return browser.send(browser.get("/venues/new"), {**TYPED, **values})


def _venue() -> Venue:
    db.session.expire_all()
    return db.session.query(Venue).one()


def test_register_and_look(browser: Pages) -> None:
    page = _register(browser)
    venue = _venue()
    assert page.path == f"/venues/{venue.id}"
    for shown in ("场所已登记", "古城路旧货行", CODE, "古城路8号", "王**", "138****5678"):
        assert shown in page.text
    assert "王小明" not in page.text
    assert venue.responsible_phone == "13800005678"
    assert page.html.select(f'a[href="/inspections/new?venue={venue.id}"]')


def test_same_form_twice(browser: Pages) -> None:
    form = browser.get("/venues/new")
    first = browser.send(form, TYPED)
    again = browser.send(form, TYPED)
    assert first.path == again.path
    assert "仅登记一次" in again.text
    assert _venue()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "请填写此项"),
        ({"name": "名" * 121}, "121"),
        ({"name": "古城\x00路"}, "无法保存"),
        ({"credit_code": "9" * 41}, "41"),
        ({"credit_code": "91420700MA00AAA02"}, "18位"),
        ({"credit_code": "9142O700MA00AAA02J"}, "不应出现 O"),
        ({"credit_code": "91420700MA00AAA02K"}, "末位应为J"),
        ({"credit_code": "统一社会信用代码"}, "不应出现"),
        ({"lat": "30.4"}, "经度和纬度"),
        ({"lat": "north", "lng": "1"}, "不是数字"),
        ({"lat": "91", "lng": "1"}, "90"),
        ({"notes": "x" * 2001}, "2001"),
        ({"area_code": "420702"}, "请从列表中选择"),
        ({"kind": "castle"}, ""),
        ({"unit_id": "99999"}, "请从列表中选择"),
        ({"market_id": "x"}, "请从列表中选择"),
    ],
)
def test_refused_with_what_was_typed(browser: Pages, values: dict[str, str], message: str) -> None:
    page = browser.send(browser.get("/venues/new"), {**TYPED, **values}, status=422)
    assert message in page.text
    assert page.html.select(".field-error, .code-verdict.is-wrong, .code-verdict.is-unfinished")
    kept = page.values_of()
    for name, value in {**TYPED, **values}.items():
        if name not in {"kind", "area_code", "unit_id", "market_id"} and "\x00" not in value:
            assert kept[name] == value, name
    assert db.session.query(Venue).count() == 0


def test_everything_that_is_wrong_is_said_at_once(browser: Pages) -> None:
    wrong = {"credit_code": "91420700MA00AAA02K", "address": "", "lat": "x"}
    page = browser.send(browser.get("/venues/new"), {**TYPED, **wrong}, status=422)
    links = [link["href"] for link in page.html.select("#error-summary a")]
    assert {"#credit_code", "#address", "#lat"} <= set(links)
    assert page.text.count("末位应为J") == 2, "once in the summary, once at the field"


def test_wrong_check_character_is_kept_when_ticked(browser: Pages) -> None:
    page = browser.send(browser.get("/venues/new"), {**TYPED, "credit_code": "91420700MA00AAA02K"}, status=422)
    page = browser.send(page, {"is_code_as_on_licence": "y"})
    assert "存疑" in page.text
    assert "J" in page.text
    assert _venue().is_credit_code_doubtful
    edited = browser.send(browser.get(f"/venues/{_venue().id}/edit"), {"notes": "再看"})
    assert "存疑" in edited.text


def test_code_that_is_registered_leads_to_its_venue(browser: Pages) -> None:
    _register(browser)
    page = browser.send(browser.get("/venues/new"), {**TYPED, "name": "另一家"}, status=422)
    assert "该代码已登记于“古城路旧货行”" in page.text
    assert page.html.select(f'#credit-code-result a[href="/venues/{_venue().id}"]')


def test_code_registered_elsewhere_is_said_without_a_link(browser: Pages) -> None:
    records.create_venue(name="外区旧货店", area_code="420702001", credit_code=CODE)
    page = browser.send(browser.get("/venues/new"), TYPED, status=422)
    assert "其他辖区" in page.text
    assert not page.html.select("#credit-code-result a")


def test_second_venue_at_one_place_is_confirmed(browser: Pages) -> None:
    _register(browser)
    page = browser.send(browser.get("/venues/new"), {**TYPED, "credit_code": ""}, status=422)
    assert page.html.select(f'.alert-warning a[href="/venues/{_venue().id}"]')
    browser.send(page, {"is_second_at_place": "y"})
    assert db.session.query(Venue).count() == 2


def test_edit_keeps_replaces_and_removes_people(browser: Pages) -> None:
    _register(browser)
    path = f"/venues/{_venue().id}/edit"
    form = browser.get(path)
    assert "王小明" not in str(form.html)
    assert form.find("#responsible_name")["placeholder"] == "王**"
    browser.send(form, {"notes": "二楼"})
    assert (_venue().notes, _venue().responsible_name) == ("二楼", "王小明")
    browser.send(browser.get(path), {"responsible_name": "李大力", "removes_responsible_phone": "y"})
    assert (_venue().responsible_name, _venue().responsible_phone) == ("李大力", "")


def test_conflict_shows_both_and_keeps_what_was_typed(browser: Pages) -> None:
    _register(browser)
    path = f"/venues/{_venue().id}/edit"
    mine = browser.get(path)
    browser.send(browser.get(path), {"notes": "同事写的", "risk": "high"})
    page = browser.send(mine, {"notes": "我写的", "responsible_name": "李大力"}, status=409)
    table = page.find(".alert-warning table").get_text(" ", strip=True)
    for shown in ("同事写的", "我写的", "高", "低", "李**"):
        assert shown in table
    assert "李大力" not in table
    assert page.values_of()["notes"] == "我写的"
    assert page.values_of()["responsible_name"] == "李大力"
    assert _venue().notes == "同事写的"
    browser.send(page)
    assert (_venue().notes, _venue().risk, _venue().responsible_name) == ("我写的", "low", "李大力")


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "²"])
def test_forged_version_is_a_conflict(browser: Pages, version: str) -> None:
    _register(browser)
    form = browser.get(f"/venues/{_venue().id}/edit")
    browser.send(form, {"version": version, "notes": "x"}, status=409)


def test_list_searches_and_filters(browser: Pages) -> None:
    _register(browser)
    records.create_venue(name="远方旧货", area_code="420702001")
    assert "古城路旧货行" in browser.get("/venues?q=gclj").text
    assert "未找到" in browser.get("/venues?q=zzz").text
    assert "/venues/new?name=zzz" in str(browser.get("/venues?q=zzz").html)
    assert "远方旧货" not in browser.get("/venues").text
    assert "古城路旧货行" not in browser.get("/venues?kind=pawn").text
    for number in range(30):
        records.create_venue(name=f"其他店{number}")
    assert browser.get("/venues?q=其他").find("[rel=next]")["href"] == "/venues?q=%E5%85%B6%E4%BB%96&page=2"
    assert browser.get("/venues?q=其他&page=2").html.select("[rel=prev]")
    # A filter that cannot be, or null bytes and long texts, break nothing.
    for query in ("kind=castle", "page=-1", "page=x", "q=%00", "q=" + "x" * 3000, "endpoint=x&_external=1"):
        browser.get(f"/venues?{query}")


def test_rows_follow_what_is_typed(browser: Pages) -> None:
    _register(browser)
    page = browser.get("/venues/rows?q=古城&kind=")
    assert not page.html.select("html")
    assert "古城路旧货行" in page.text
    assert page.response.headers["HX-Replace-Url"] == "/venues?q=%E5%8F%A4%E5%9F%8E"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (CODE, "校验位正确"),
        ("９１４２０７００ＭＡ００ＡＡＡ０２Ｊ", "校验位正确"),
        ("91420700MA00AAA02K", "末位应为J"),
        ("91420700", "现为8位"),
        ("9142070IMA00AAA02J", "不应出现 I"),
        ("", ""),
        ("\x00" * 50, ""),
    ],
)
def test_code_is_checked_while_it_is_typed(browser: Pages, typed: str, said: str) -> None:
    form = browser.get("/venues/new")
    page = browser.send(form, {"credit_code": typed}, path="/venues/credit-code-checks")
    assert said in page.text
    assert not page.html.select("html")
    assert bool(page.html.select("[name=is_code_as_on_licence]")) == ("末位" in said)


def test_checked_code_of_the_venue_itself_is_free(browser: Pages) -> None:
    _register(browser)
    venue_id = _venue().id
    edit = browser.get(f"/venues/{venue_id}/edit")
    assert "校验位正确" in browser.send(edit, path="/venues/credit-code-checks").text
    new = browser.send(browser.get("/venues/new"), {"credit_code": CODE}, path="/venues/credit-code-checks")
    assert new.html.select(f'a[href="/venues/{venue_id}"]')


def test_page_of_a_venue(browser: Pages, inspector: User) -> None:
    _register(browser)
    venue = _venue()
    visit = records.create_visit(venue, (inspector,))
    records.create_visit(records.create_venue())
    line = records.create_goods_line(visit)
    for state in ("new", "closed"):
        facts: dict[str, Any] = {"band": "alert", "probability": 0.9, "weight_bits": 9, "evidence_bits": 9}
        item = records.create_stolen_item()
        db.session.add(Alert(goods_line=line, stolen_item=item, state=state, matcher_version="1", **facts))
    db.session.commit()
    page = browser.get(f"/venues/{venue.id}")
    assert "未处置预警：1" in page.text
    assert "检查记录：1" in page.text
    assert visit.number in page.text
    assert page.html.select(f'a[href="/inspections/{visit.id}"]')
    assert "未处置预警：1" in browser.get("/venues?q=gclj").text


def test_stalls(browser: Pages) -> None:
    _register(browser, kind="market", name="鄂城旧货市场")
    market_id = _venue().id
    form = browser.get(f"/venues/new?market={market_id}")
    assert form.values_of()["market_id"] == str(market_id)
    browser.send(form, {"kind": "second_hand", "name": "甲12号摊", "area_code": "420704", "address": "市场内"})
    assert "甲12号摊" in browser.get(f"/venues/{market_id}").text


def test_who_may(pages: Pages, web_app: Flask, inspector: User) -> None:
    outside = records.create_venue(area_code="420702001")
    pages.sign_in(inspector).get(f"/venues/{outside.id}", status=404)
    pages.get(f"/venues/{outside.id}/edit", status=404)
    desk = pages.sign_in(accounts.create_user(role="desk"))
    page = desk.get(f"/venues/{outside.id}")
    assert not page.html.select('a[href$="/edit"]')
    desk.get("/venues/new", status=403)
    pages.sign_in(accounts.create_user(role="auditor")).get("/venues", status=403)


def test_english(browser: Pages) -> None:
    browser.speak("en")
    page = browser.send(browser.get("/venues/new"), {**TYPED, "credit_code": "91420700MA00AAA02K"}, status=422)
    assert "after the other 17 it would be J" in page.text
    assert "Register venue" in page.text
