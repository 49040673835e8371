"""What the printed records are made from: frozen values, no database rows, no clock.

Every text is already in the language of the document and already masked where the reader may not see it; every
time is already local. The same object always gives the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
Answer = Literal["yes", "no", "not_applicable", "not_checked"]
Severity = Literal["high", "medium", "low"]
SignatureRole = Literal["officer", "venue", "witness"]


@dataclass(frozen=True, slots=True)
class VenueDetails:
    """The inspected place. `responsible_person` may be masked; empty text prints as a dash."""

    name: str
    kind: str
    credit_code: str = ""
    address: str = ""
    responsible_person: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer who took part, and the credential that the officer showed."""

    name: str
    agency: str
    unit: str = ""
    badge_number: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One question with its answer. A basis that is not verified is never printed, only that it awaits review."""

    text: str
    answer: Answer
    note: str = ""
    legal_basis: str | None = None
    is_basis_verified: bool = False
    severity: Severity | None = None
    photo_count: int = 0


@dataclass(frozen=True, slots=True)
class ChecklistSection:
    """A group of checklist items under one title, for example one agency's part."""

    title: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found on site, with its basis if there is one; `agency` is empty for a joint finding."""

    text: str
    agency: str = ""
    legal_basis: str | None = None
    is_basis_verified: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A serial number or plate as it was read; doubtful when worn or when its check digit fails."""

    kind: str
    value: str
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One line of the goods log. `is_in_register` is None when nobody looked."""

    number: int
    category: str
    description: str = ""
    brand: str = ""
    model: str = ""
    specification: str = ""
    colour: str = ""
    marks: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    weight_g: Decimal | None = None
    price_fen: int | None = None
    identifiers: tuple[Identifier, ...] = ()
    seller: str = ""
    is_in_register: bool | None = None
    disposition: str = ""
    has_alert: bool = False


@dataclass(frozen=True, slots=True)
class AlertLine:
    """A likely match between a goods line and reported stolen property. `probability` is 0 to 1, None if unknown."""

    goods_number: int
    report_number: str
    agreeing: tuple[str, ...] = ()
    contradicting: tuple[str, ...] = ()
    probability: float | None = None
    band: str = ""
    state: str = ""
    matcher_version: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture: its bytes or the path to them, and the hash (hex) that was recorded of them.

    `original_sha256` is that of the file as the camera made it; the numbers say which goods line or checklist item,
    as numbered in this document, the picture shows.
    """

    content: bytes | Path
    sha256: str
    original_sha256: str = ""
    caption: str = ""
    goods_number: int | None = None
    item_number: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on. `refusal_note` says why a signature is missing."""

    role: SignatureRole
    name: str = ""
    affiliation: str = ""
    signed_at: datetime | None = None
    refusal_note: str = ""


@dataclass(frozen=True, slots=True)
class VisitRecordDocument:
    """The joint inspection record of one visit. `data_at` is when its data last changed; `data_hash` is hex.

    `unread_count` is how many entries of a draft could not be read and are therefore not printed.
    """

    language: Language
    number: str
    is_draft: bool
    agencies: tuple[str, ...]
    kind: str
    venue: VenueDetails
    started_at: datetime
    ended_at: datetime | None
    data_at: datetime
    data_version: str
    data_hash: str
    officers: tuple[Officer, ...] = ()
    checklist: tuple[ChecklistSection, ...] = ()
    findings: tuple[Finding, ...] = ()
    venue_statement: str = ""
    outcome: str = ""
    goods: tuple[GoodsLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    photos: tuple[Photo, ...] = ()
    signatures: tuple[Signature, ...] = ()
    unread_count: int = 0


@dataclass(frozen=True, slots=True)
class MissingCharacter:
    """A character that the fonts cannot draw; it was printed as `notation`, for example [U+20BB7]."""

    character: str
    count: int

    @property
    def notation(self) -> str:
        """The visible stand-in that the document shows for this character."""
        return f"[U+{ord(self.character):04X}]"


@dataclass(frozen=True, slots=True)
class FaultyPhoto:
    """A photo that was not printed as recorded: `unreadable`, or `altered` when its hash differs."""

    number: int
    fault: Literal["unreadable", "altered"]


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """The PDF and everything in it that a person should be told about."""

    content: bytes
    page_count: int
    missing_characters: tuple[MissingCharacter, ...] = ()
    faulty_photos: tuple[FaultyPhoto, ...] = ()
