"""The pages of alerts, in both languages."""

import pytest

from inspect_app.models import Alert, User
from inspect_app.web.evidence import percent, waterfall
from tests.factories import records
from tests.factories.accounts import create_user
from tests.pages import Pages


def test_list_shows_what_agrees_and_contradicts(pages: Pages, inspector: User) -> None:
    records.create_alert()
    page = pages.sign_in(inspector).get("/alerts")
    assert "一致：IMEI" in page.text
    assert "矛盾：颜色" in page.text
    assert "95%" in page.text
    assert "agree: IMEI" in pages.speak("en").get("/alerts").text


def test_list_refreshes_only_when_something_changed(pages: Pages, inspector: User) -> None:
    records.create_alert()
    rows = pages.sign_in(inspector).get("/alerts").find("#alert-rows")["hx-get"]
    assert pages.client.get(rows).status_code == 204
    records.create_alert()
    response = pages.client.get(rows)
    assert response.status_code == 200
    assert response.get_data(as_text=True).count("alert-row ") == 2


def test_filters_with_nonsense_show_the_list(pages: Pages, inspector: User) -> None:
    records.create_alert()
    page = pages.sign_in(inspector).get("/alerts?state=nonsense&band=alert&page=99999&text=%00")
    assert "共 1 条预警" in page.text


@pytest.mark.parametrize(("language", "word"), [("zh_Hans_CN", "并排比对"), ("en", "Side by side")])
def test_alert_page(pages: Pages, inspector: User, language: str, word: str) -> None:
    alert = records.create_alert()
    page = pages.sign_in(inspector).speak(language).get(f"/alerts/{alert.id}")
    assert word in page.text
    assert len(page.html.select(".waterfall tbody tr")) == 4, (
        "prior, two comparisons and the total; a blank is left out"
    )


def test_judging(pages: Pages, inspector: User) -> None:
    alert = records.create_alert()
    page = pages.sign_in(inspector).get(f"/alerts/{alert.id}")
    refused = pages.send(page, {"verdict": "dismissed", "note": "车架号不同"}, form=".judgement", status=422)
    assert "请说明为何不是被盗物品。" in refused.text
    assert "车架号不同" in refused.text
    done = pages.send(refused, {"verdict": "dismissed", "reason": "different_item"}, form=".judgement")
    assert "判定已记录。" in done.text
    assert "排除 (不是同一物品)" in done.text
    assert not done.html.select(".judgement"), "a dismissed alert is not judged again"


def test_judging_something_that_changed_meanwhile(pages: Pages, inspector: User, web_app: object) -> None:
    alert = records.create_alert()
    page = pages.sign_in(inspector).get(f"/alerts/{alert.id}")
    Alert.query.session.get(Alert, alert.id).evidence_key = "second"
    Alert.query.session.commit()
    again = pages.send(page, {"verdict": "confirmed", "note": "核对过"}, form=".judgement", status=409)
    assert "您查看期间证据有变化" in again.text
    assert "判定已记录。" in pages.send(again, {"verdict": "confirmed"}, form=".judgement").text


def test_viewer_without_the_right_sees_no_form(pages: Pages) -> None:
    alert = records.create_alert()
    auditor = create_user(role="auditor")
    pages.sign_in(auditor).get(f"/alerts/{alert.id}", status=403)


def test_bars_are_drawn_from_the_stored_components(web_app: object) -> None:
    alert = records.create_alert(weight_bits=4.4)
    prior, imei, colour, total = waterfall(alert, "en")
    assert [round(bar.bits, 1) for bar in (prior, imei, colour, total)] == [-13.6, 22.0, -4.0, 4.4]
    assert prior.x == 0
    assert imei.x + imei.width == pytest.approx(100)
    assert colour.x + colour.width == pytest.approx(100)
    assert total.width == pytest.approx(4.4 / 22 * 100, abs=0.1)


@pytest.mark.parametrize(
    ("probability", "shown"), [(1.0, "> 99.9%"), (0.9952, "99.5%"), (0.953, "95%"), (0.5, "50%"), (0.0001, "< 1%")]
)
def test_percent_is_never_certain(probability: float, shown: str) -> None:
    assert percent(probability) == shown
