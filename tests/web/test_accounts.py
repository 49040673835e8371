"""The administrator's pages and commands."""

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.models import Agency, Area, AuditEvent, Unit, User
from inspect_app.services import accounts
from tests.conftest import PASSWORD
from tests.factories import accounts as account_factory
from tests.pages import Pages


@pytest.fixture
def admin(web_app: Flask) -> User:
    """An administrator."""
    return account_factory.create_user(role="admin")


def actions() -> list[str]:
    """The actions of the audit trail, oldest first."""
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def new_user_values(**values: str) -> dict[str, str]:
    """What an administrator types for a new inspector."""
    unit = account_factory.create_unit()
    typed = {"badge_number": "P8801", "full_name": "王小明", "role": "inspector", "unit_id": str(unit.id)}
    return {**typed, "email": "", "language": "", **values}


def test_new_user_signs_in_with_the_password_that_was_shown(web_app: Flask, pages: Pages, admin: User) -> None:
    pages.sign_in(admin)
    made = pages.send(pages.get("/accounts/users/new"), new_user_values())
    assert made.response.headers["Cache-Control"] == "no-store"
    password = made.find(".one-time-password").text
    newcomer = Pages(web_app)
    page = newcomer.send(newcomer.get("/sign-in"), {"identity": "p8801", "password": password})
    assert page.path == "/password"
    (created,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "accounts:user:created"))
    assert created.after["badge_number"] == "P8801"
    user = accounts.find_user_by_badge(account_factory.actor_for(admin), "P8801")
    for secret in (password, user.password, user.fs_uniquifier):
        assert secret not in str(created.after)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"badge_number": ""}, "badge_number"),
        ({"badge_number": "has blanks"}, "badge_number"),
        ({"badge_number": "x" * 41}, "badge_number"),
        ({"full_name": "a\x00b"}, "full_name"),
        ({"email": "not an address"}, "email"),
        ({"role": "emperor"}, "role"),
        ({"unit_id": ""}, "unit_id"),
        ({"unit_id": "999"}, "unit_id"),
    ],
)
def test_bad_input_is_said_at_its_field(pages: Pages, admin: User, values: dict[str, str], field: str) -> None:
    pages.sign_in(admin)
    typed = new_user_values(**values)
    page = pages.send(pages.get("/accounts/users/new"), typed)
    assert page.find(f"#{field}-error").get_text(strip=True)
    if field != "full_name":
        assert page.values_of("main form")["full_name"] == typed["full_name"]
    assert "accounts:user:created" not in actions()


def test_taken_badge_number_and_address(pages: Pages, admin: User) -> None:
    other = account_factory.create_user(badge_number="P1", username="P1", email="one@example.org")
    pages.sign_in(admin)
    page = pages.send(pages.get("/accounts/users/new"), new_user_values(badge_number="p1"))
    assert page.find("#badge_number-error")
    page = pages.send(page, {"badge_number": "P2", "email": "ONE@example.org"})
    assert page.find("#email-error")
    assert db.session.get_one(User, other.id).email == "one@example.org"


@pytest.mark.parametrize("change", ["role", "off", "password"])
def test_change_ends_the_sessions(web_app: Flask, pages: Pages, admin: User, change: str) -> None:
    user = account_factory.create_user()
    theirs = Pages(web_app).sign_in(user)
    assert theirs.get("/").path == "/"
    pages.sign_in(admin)
    page = pages.get(f"/accounts/users/{user.id}")
    if change == "role":
        pages.send(page, {"role": "desk"})
    elif change == "off":
        pages.send(page, {"is_active": "no"}, form="form[action$='/state']")
    else:
        pages.send(page, form="form[action$='/password']")
    assert theirs.get("/").path.startswith("/sign-in")
    assert actions()[-1].startswith("accounts:")


def test_edit_without_a_role_change_keeps_the_session(web_app: Flask, pages: Pages, admin: User) -> None:
    user = account_factory.create_user()
    theirs = Pages(web_app).sign_in(user)
    pages.sign_in(admin)
    pages.send(pages.get(f"/accounts/users/{user.id}"), {"full_name": "李四"})
    assert theirs.get("/").path == "/"
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "accounts:user:edited"))
    assert event.after == {"full_name": "李四"}


def test_switched_on_again(web_app: Flask, pages: Pages, admin: User) -> None:
    user = account_factory.create_user(can_sign_in=True, active=False)
    pages.sign_in(admin)
    pages.send(pages.get(f"/accounts/users/{user.id}"), {"is_active": "yes"}, form="form[action$='/state']")
    theirs = Pages(web_app)
    page = theirs.send(theirs.get("/sign-in"), {"identity": user.badge_number, "password": PASSWORD})
    assert page.path == "/"


def test_administrators_cannot_lock_themselves_out(pages: Pages, admin: User) -> None:
    pages.sign_in(admin)
    page = pages.get(f"/accounts/users/{admin.id}")
    assert pages.send(page, {"role": "inspector"}).find("#role-error")
    pages.send(page, {"is_active": "no"}, form="form[action$='/state']")
    assert pages.get("/accounts/").path == "/accounts/"


def test_only_administrators(pages: Pages, inspector: User) -> None:
    pages.sign_in(inspector)
    for path in ("/accounts/", "/accounts/users/new", "/accounts/units", "/accounts/agencies/new", "/accounts/areas"):
        pages.get(path, status=403)


def test_list_and_search(pages: Pages, admin: User) -> None:
    for number in range(30):
        account_factory.create_user(badge_number=f"S{number:03}", username=f"S{number:03}", full_name=f"巡查{number}")
    pages.sign_in(admin)
    page = pages.get("/accounts/?q=S0")
    assert len(page.html.select(".row-card")) == 25
    assert page.html.select("a[rel=next]")
    assert len(pages.get("/accounts/?q=S007").html.select(".row-card")) == 1
    assert len(pages.get("/accounts/?q=%25").html.select(".row-card")) == 0
    assert len(pages.get("/accounts/?role=admin").html.select(".row-card")) == 1


def test_area_agency_unit(pages: Pages, admin: User) -> None:
    pages.sign_in(admin)
    area = {"code": "420703001", "name_zh": "凤凰街道", "name_en": "Fenghuang Street"}
    page = pages.send(pages.get("/accounts/areas/new"), area)
    assert "420703" in page.find("#code-error").text, "the whole must come first"
    page = pages.send(page, {"code": "４２０７０３", "name_zh": "华容区", "name_en": "Huarong"})
    assert page.path == "/accounts/areas"
    page = pages.send(pages.get("/accounts/areas/new"), {"code": "420703", "name_zh": "x", "name_en": "x"})
    assert page.find("#code-error")
    pages.send(pages.get("/accounts/areas/420703"), {"code": "999999", "name_zh": "华容", "name_en": "Huarong"})
    assert db.session.get_one(Area, "420703").name_zh == "华容"
    names = {"name_zh": "公安局", "name_en": "Police", "code": "gaj"}
    page = pages.send(pages.get("/accounts/agencies/new"), {**names, "kind": "police"})
    agency = db.session.scalars(select(Agency).where(Agency.code == "gaj")).one()
    unit = {"agency_id": str(agency.id), "code": "hr-pcs", "name_zh": "华容派出所", "name_en": "Huarong Station"}
    page = pages.send(pages.get("/accounts/units/new"), {**unit, "area_code": "420703", "lat": "30.53", "lng": "114.7"})
    assert "华容派出所" in page.text
    saved = db.session.scalars(select(Unit).where(Unit.code == "hr-pcs")).one()
    page = pages.send(pages.get(f"/accounts/units/{saved.id}"), {"is_active": None})
    assert not db.session.get_one(Unit, saved.id).is_active
    made = {"accounts:area:created", "accounts:area:edited", "accounts:agency:created", "accounts:unit:edited"}
    assert made <= set(actions())


def test_wrong_area_codes(pages: Pages, admin: User) -> None:
    pages.sign_in(admin)
    for code in ("42070", "020703", "abcdef", "4207030012345"):
        page = pages.send(pages.get("/accounts/areas/new"), {"code": code, "name_zh": "x", "name_en": "x"})
        assert page.find("#code-error")


def test_unknown_ids_are_not_found(pages: Pages, admin: User) -> None:
    pages.sign_in(admin)
    for path in ("/accounts/users/9999", "/accounts/units/9999", "/accounts/agencies/9999", "/accounts/areas/9999"):
        pages.get(path, status=404)


def test_commands(web_app: Flask) -> None:
    unit = account_factory.create_unit(code="ec-1")
    runner = web_app.test_cli_runner()
    needed = ["users", "create", "--badge", "P9", "--name", "王小明", "--role", "inspector"]
    assert "needs --unit" in runner.invoke(args=needed).output
    made = runner.invoke(args=[*needed, "--unit", unit.code])
    assert made.exit_code == 0, made.output
    assert "another user" in runner.invoke(args=[*needed, "--unit", unit.code]).output
    assert "no unit" in runner.invoke(args=[*needed, "--unit", "nowhere"]).output
    assert "P9\tinspector\tec-1\tactive\t王小明" in runner.invoke(args=["users", "list"]).output
    password = runner.invoke(args=["users", "reset-password", "p9"]).output.strip()
    assert password != made.output.split()[-1]
    pages = Pages(web_app)
    page = pages.send(pages.get("/sign-in"), {"identity": "P9", "password": password})
    assert page.path == "/password"
    assert runner.invoke(args=["users", "reset-password", "nobody"]).exit_code == 1
