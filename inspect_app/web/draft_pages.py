"""What the page of a draft shows, put together for its templates: parts of the page are shown alone to htmx."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from inspect_app.forms.goods import (
    LineForm,
    ShownField,
    disposition_choices,
    line_form,
    shown_fields,
    shown_identifiers,
)
from inspect_app.forms.inspections import (
    FactsForm,
    ItemForm,
    OfficerForm,
    facts_form,
    item_forms,
    item_prefix,
    officer_forms,
)
from inspect_app.models import Alert, GoodsLine, Photo, Visit
from inspect_app.reference.checklists import ChecklistItem, Citation, basis_on
from inspect_app.services.goods import alerts_on, read_unparsed
from inspect_app.services.inspection_photos import photos_by_subject
from inspect_app.services.inspection_submission import Problem, lines_on_log
from inspect_app.services.inspections import checklist_of, day_of
from inspect_app.web.formats import code_label
from inspect_app.web.visit_problems import problem_links

# What inspectors meet most in each kind of venue: one tap each; the list of all is in every row.
_FIRST_CATEGORIES = {
    "second_hand": ("phone", "ebike", "bicycle", "laptop", "jewellery"),
    "pawn": ("jewellery", "watch", "phone", "laptop", "camera"),
    "scrap": ("scrap_metal", "cable", "battery", "ebike", "vehicle_part"),
    "market": ("phone", "ebike", "bicycle", "laptop", "tool"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A goods line on the page: closed to one row, or open with its fields."""

    line_uid: str
    line: GoodsLine | None
    alerts: list[Alert] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    form: LineForm | None = None

    @property
    def is_removed(self) -> bool:
        """Whether the line was taken off."""
        return self.line is not None and self.line.removed_at is not None

    @property
    def title(self) -> str:
        """What the thing is, in one line."""
        if self.line is None:
            return _("New line")
        said = [self.line.brand, self.line.model] if self.line.brand or self.line.model else [self.line.description]
        return " ".join([code_label("category", self.line.category), *(text for text in said if text)])

    @property
    def fields(self) -> list[ShownField]:
        """The fields that suit the category."""
        return shown_fields(self.form) if self.form else []

    @property
    def identifiers(self) -> list[ShownField]:
        """The places for identifiers that suit the category."""
        return shown_identifiers(self.form) if self.form else []

    @property
    def names(self) -> list[str]:
        """The names of all the fields of this line that the page shows."""
        if self.form is None:
            return []
        form = self.form
        shown = [entry.field.name for entry in (*self.fields, *self.identifiers)]
        others = [form.category, form.received_on, form.is_in_register, form.disposition, form.seller_name]
        others += [form.seller_document_kind, form.seller_document, form.seller_phone, form.seller_is_removed]
        return [*shown, *(field.name for field in others)]

    @property
    def dispositions(self) -> list[tuple[str, str]]:
        """Where the goods may go from where they are."""
        return disposition_choices(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item of the checklist with its form, the law of the visit's day and its photos."""

    item: ChecklistItem
    form: ItemForm
    basis: tuple[Citation, ...]
    photos: list[Photo]

    @property
    def anchor(self) -> str:
        """The id of the item on the page."""
        return item_prefix(self.item.key).rstrip("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """The whole page of a draft."""

    visit: Visit
    facts: FactsForm
    items: list[ItemView]
    officers: dict[int, OfficerForm]
    lines: list[LineView]
    photos: list[Photo]
    removed: list[LineView]
    problems: tuple[Problem, ...] = ()

    @property
    def officer_names(self) -> list[str]:
        """The names of the fields of all officers."""
        return [name for form in self.officers.values() for name in form.names]

    @property
    def problem_links(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What is still missing, with the places on the page; see ``visit_problems``."""
        return problem_links(self.visit, self.problems)

    @property
    def new_line_uid(self) -> str:
        """The uid of the line that the next tap on "add" makes: the same tap sent twice makes one line."""
        return str(uuid.uuid4())

    @property
    def first_categories(self) -> tuple[str, ...]:
        """The categories that are one tap away."""
        return _FIRST_CATEGORIES[self.visit.venue_kind]


def server_time() -> datetime:
    """The time of this answer, which is when what it speaks of was saved; for templates."""
    return datetime.now(UTC)


def draft_page(
    visit: Visit,
    *,
    open_lines: frozenset[str] = frozenset(),
    new_line: tuple[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
) -> DraftPage:
    """Puts the page together. ``new_line`` is the uid and category of a row that nobody has typed into yet."""
    photos = photos_by_subject(visit)
    forms = item_forms(visit)
    day = day_of(visit.started_at)
    items = [
        ItemView(item=item, form=forms[item.key], basis=basis_on(item, day), photos=photos.get(f"item:{item.key}", []))
        for item in checklist_of(visit).items
    ]
    lines = lines_on_log(visit)
    alerts = alerts_on(lines)
    views = [
        line_view(line.line_uid, line, alerts=alerts, photos=photos, is_open=is_line_open(line, open_lines))
        for line in lines
    ]
    if new_line and new_line[0] not in {line.line_uid for line in visit.goods}:
        views.append(line_view(new_line[0], None, is_open=True, category_code=new_line[1]))
    return DraftPage(
        visit=visit,
        facts=facts_form(visit),
        items=items,
        officers=officer_forms(visit),
        lines=views,
        photos=photos.get("visit", []),
        removed=[line_view(line.line_uid, line, is_open=False) for line in visit.goods if line.removed_at is not None],
        problems=problems,
    )


def line_view(
    line_uid: str,
    line: GoodsLine | None,
    *,
    is_open: bool,
    alerts: Mapping[int, list[Alert]] | None = None,
    photos: Mapping[str, list[Photo]] | None = None,
    category_code: str = "other",
    sent: Any = None,
) -> LineView:
    """One goods line for the page; ``sent`` is what was just sent of it."""
    return LineView(
        line_uid=line_uid,
        line=line,
        alerts=(alerts or {}).get(line.id, []) if line else [],
        photos=(photos or {}).get(f"goods:{line_uid}", []),
        form=line_form(line_uid, line, sent, category_code=category_code) if is_open else None,
    )


def is_line_open(line: GoodsLine, open_lines: frozenset[str]) -> bool:
    """Whether the page shows the fields of a line: asked for, or with something that could not be read."""
    return line.line_uid in open_lines or bool(read_unparsed(line.unparsed))


def answered_count(visit: Visit) -> int:
    """How many items of the checklist have an answer."""
    asked = {item.key for item in checklist_of(visit).items}
    return len(asked & {answer.item_key for answer in visit.answers})
