"""The demo city as frozen plain values: what is going to be saved, before any database is asked."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUnit:
    """A station or office. ``agency`` is a kind of agency; its area covers every area that begins with the code."""

    code: str
    agency: str
    name_zh: str
    name_en: str
    area_code: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOfficer:
    """Someone who works in the city; ``badge_number`` is also the name to sign in with."""

    badge_number: str
    full_name: str
    role: str
    unit_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPerson:
    """An owner or a seller."""

    name: str
    document: str
    phone: str


@dataclass(frozen=True, slots=True)
class PlannedNumber:
    """An identifier on a thing, as somebody read it (``read_by`` hand, scan or photo)."""

    kind: str
    value: str
    read_by: str = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedThing:
    """What a goods line and a stolen item both say of a thing. ``value_fen`` is what it is worth second-hand."""

    category: str
    description: str = ""
    brand: str = ""
    model: str = ""
    specification: str = ""
    colour: str = ""
    marks: str = ""
    quantity: float | None = None
    unit: str = ""
    weight_g: int | None = None
    value_fen: int
    numbers: tuple[PlannedNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVenue:
    """A venue; ``trade`` is what it deals in (a key of ``goods.TRADES``), ``market`` the place of its market in the
    city's list of venues, for a stall."""

    uid: str
    kind: str
    trade: str
    name: str
    credit_code: str
    filing_number: str
    licences: str
    address: str
    area_code: str
    lat: float
    lng: float
    responsible_name: str
    responsible_phone: str
    market: int | None
    state: str
    risk: str
    notes: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReport:
    """A theft with its items; ``owner`` is a place in the city's list of people."""

    uid: str
    number: str
    channel: str
    occurred_from: datetime
    occurred_to: datetime
    reported_at: datetime
    place: str
    area_code: str
    lat: float
    lng: float
    method: str
    owner: int
    items: tuple[PlannedThing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGoods:
    """A line of a goods log. ``truth`` says what it has to do with a stolen item: "" nothing, otherwise a key of
    ``handling.TRUTHS``; ``report`` and ``item`` then name that item by its place."""

    uid: str
    thing: PlannedThing
    price_fen: int
    received_on: date
    logged_at: datetime
    seller: int | None
    is_in_register: bool
    disposition: str
    truth: str = ""
    report: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAnswer:
    """An answer to a checklist item."""

    item_key: str
    answer: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """A joint inspection; ``venue`` is a place in the city's list of venues, ``officers`` are badge numbers."""

    uid: str
    venue: int
    kind: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    submitted_at: datetime | None
    officers: tuple[str, ...]
    checklist_version: str
    answers: tuple[PlannedAnswer, ...]
    findings: str
    venue_statement: str
    venue_representative: str
    outcome: str | None
    goods: tuple[PlannedGoods, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The whole demo city."""

    units: tuple[PlannedUnit, ...]
    officers: tuple[PlannedOfficer, ...]
    people: tuple[PlannedPerson, ...]
    venues: tuple[PlannedVenue, ...]
    reports: tuple[PlannedReport, ...]
    visits: tuple[PlannedVisit, ...]
