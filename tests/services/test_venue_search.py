"""Finding a venue by what an officer types of it."""

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.venue_names import spell_name
from inspect_app.services.venues import VenueDetails, find_venues, register_venue
from tests.factories import accounts, records


@pytest.fixture(autouse=True)
def register(actor: Actor) -> None:
    """Six venues in the actor's area, one outside it."""
    rows = [
        ("second_hand", "古城路旧货行", "古城路8号", "91420700MA00AAA02J", "鄂旧备-001", "420704001", "active"),
        ("pawn", "重庆典当有限公司", "滨湖北路20号", "", "", "420704001", "active"),
        ("scrap", "绿源（城南）废旧金属回收站", "工业大道100%_号", "92420704MA00AAB17F", "", "420704002", "suspended"),
        ("second_hand", "Mate60手机店", "古楼街1号", "", "", "420704002", "active"),
        ("second_hand", "阿里旧手机", "古楼街2号", "", "", "420704002", "closed"),
        ("market", "鄂城旧货市场", "武昌大道1号", "", "", "420704", "active"),
    ]
    for number, (kind, name, address, code, filing, area, state) in enumerate(rows):
        details = VenueDetails(
            kind=kind, name=name, address=address, credit_code=code, filing_number=filing, area_code=area, state=state
        )
        register_venue(actor, f"form-{number}", details)
    records.create_venue(name="古城路旧货行二店", area_code="420702001")


def _names(actor: Actor, query: str = "", **filters: str) -> list[str]:
    return [venue.name for venue in find_venues(actor, query, **filters).rows]


@pytest.mark.parametrize(
    "query",
    [
        "古城路旧货行",
        "旧货行",
        "舊貨行",
        "古城路舊貨",
        "guchenglu",
        "GuChengLuJiuHuoHang",
        "jiuhuoxing",
        "gcljhh",
        "GCLJ",
        "ｇｃｌｊ",
        "gu cheng jiu",
        "旧货 gclj",
        "古城路8号",
        "古城路８号",
        "420700MA00AAA02J",
        "91420700ma00",
        "９１４２０７００ＭＡ００ＡＡＡ０２Ｊ",
        "鄂旧备-001",
        "  古城路  旧货行 ",
        "古城路\x00旧货行",
    ],
)
def test_found_by(actor: Actor, query: str) -> None:
    assert _names(actor, query) == ["古城路旧货行"]


def test_words_must_all_fit(actor: Actor) -> None:
    assert _names(actor, "旧货 典当") == []
    assert _names(actor, "典当 滨湖") == ["重庆典当有限公司"]


def test_signs_mean_themselves(actor: Actor) -> None:
    assert _names(actor, "%") == ["绿源（城南）废旧金属回收站"]
    assert _names(actor, "100%_号") == ["绿源（城南）废旧金属回收站"]
    assert _names(actor, "_") == ["绿源（城南）废旧金属回收站"]
    assert _names(actor, "古_路") == []


def test_punctuation_of_either_width(actor: Actor) -> None:
    for query in ("绿源(城南)", "绿源（城南）废旧", "lvyuan", "lycn"):
        assert _names(actor, query) == ["绿源（城南）废旧金属回收站"], query


def test_polyphones(actor: Actor) -> None:
    assert _names(actor, "chongqing") == ["重庆典当有限公司"]


def test_likeliest_first(actor: Actor) -> None:
    assert _names(actor, "g")[0] == "古城路旧货行", "its initials begin with it"
    assert _names(actor, "古")[0] == "古城路旧货行", "the others have it in their address"
    assert len(_names(actor, "古")) == 3


def test_nonsense_finds_nothing_and_breaks_nothing(actor: Actor) -> None:
    for query in ("\\", "';--", "x" * 5000, "\ud800", "\x00\x01"):
        find_venues(actor, query)
    assert _names(actor, "x" * 5000) == []


def test_filters(actor: Actor) -> None:
    assert _names(actor, kind="pawn") == ["重庆典当有限公司"]
    assert _names(actor, state="closed") == ["阿里旧手机"]
    assert len(_names(actor, state="open")) == 5
    assert set(_names(actor, area_code="420704002", kind="second_hand")) == {"Mate60手机店", "阿里旧手机"}
    assert len(_names(actor)) == 6


def test_own_area_only(app: Flask, actor: Actor) -> None:
    assert "古城路旧货行二店" not in _names(actor, "古城路")
    assert "古城路旧货行二店" in _names(accounts.actor_for(accounts.create_user(role="desk")), "古城路")
    with pytest.raises(NotAllowed):
        find_venues(accounts.actor_for(accounts.create_user(role="auditor")))


def test_pages(actor: Actor) -> None:
    first = find_venues(actor, page_size=4)
    second = find_venues(actor, page=2, page_size=4)
    assert (first.total, first.pages, len(first.rows), len(second.rows)) == (6, 2, 4, 2)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert find_venues(actor, page=99, page_size=4).number == 2
    assert find_venues(actor, page=-3, page_size=4).number == 1


def test_long_names_fit_their_columns(app: Flask) -> None:
    for name in ("装" * 120, "行" * 120, "A" * 120, "𠮷" * 120):
        spelling = spell_name(name)
        assert len(spelling.pinyin) <= 600
        assert len(spelling.initials) <= 120
        venue = records.create_venue(name=name, name_pinyin=spelling.pinyin, name_initials=spelling.initials)
        db.session.delete(venue)
