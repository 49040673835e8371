"""Who may do what, and which moves a record may make: plain tables, read by every layer, importing none."""

from collections.abc import Mapping
from typing import Final

FEATURES: Final = (
    "accounts",
    "venues",
    "inspections",
    "goods",
    "stolen",
    "alerts",
    "campaigns",
    "imports",
    "reports",
    "sync",
    "audit",
    "overview",
    "people",
    "matching",
)

AGENCY_KINDS: Final = ("police", "market_regulation", "commerce", "financial")
VENUE_KINDS: Final = ("second_hand", "pawn", "scrap", "market")
VENUE_STATES: Final = ("active", "suspended", "closed")
VENUE_RISKS: Final = ("low", "medium", "high")
VISIT_KINDS: Final = ("routine", "random", "campaign", "directed", "follow_up")
VISIT_OUTCOMES: Final = (
    "no_problem",
    "corrected_on_site",
    "rectification_ordered",
    "goods_held",
    "case_opened",
)
ANSWERS: Final = ("yes", "no", "not_applicable", "not_checked")
REPORT_CHANNELS: Final = ("call_110", "counter", "hotline", "online", "transfer")
IDENTIFIER_KINDS: Final = (
    "imei",
    "vin",
    "plate",
    "vehicle_code",
    "frame",
    "motor",
    "serial",
    "certificate",
    "lasercode",
    "batch",
    "other",
)
IDENTIFIER_CHECKS: Final = ("ok", "doubtful", "unchecked")
READ_BY: Final = ("hand", "scan", "photo")
DOCUMENT_KINDS: Final = ("resident_id", "passport", "permit", "other")

# What each role may do. A route names one of these permissions; a role that lacks it gets a 403.
PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    "inspector": frozenset(
        {
            "overview.view",
            "venues.view",
            "venues.edit",
            "inspections.view",
            "inspections.record",
            "stolen.view",
            "alerts.view",
            "alerts.judge",
            "reports.print",
        }
    ),
    "desk": frozenset(
        {
            "overview.view",
            "venues.view",
            "inspections.view",
            "stolen.view",
            "stolen.record",
            "imports.run",
            "alerts.view",
            "alerts.judge",
            "reports.print",
            "people.reveal",
        }
    ),
    "investigator": frozenset(
        {
            "overview.view",
            "venues.view",
            "inspections.view",
            "stolen.view",
            "stolen.record",
            "alerts.view",
            "alerts.judge",
            "reports.print",
            "people.reveal",
        }
    ),
    "supervisor": frozenset(
        {
            "overview.view",
            "venues.view",
            "venues.edit",
            "inspections.view",
            "stolen.view",
            "alerts.view",
            "alerts.judge",
            "reports.print",
            "matching.view",
            "matching.approve",
        }
    ),
    "auditor": frozenset({"overview.view", "audit.view", "matching.view"}),
    "admin": frozenset({"overview.view", "accounts.manage", "matching.view", "matching.manage"}),
}
ROLES: Final = tuple(PERMISSIONS)

# These roles work for the whole city; everyone else sees the area of the own unit.
CITYWIDE_ROLES: Final = frozenset({"desk", "investigator", "supervisor"})

VISIT_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"submitted"}),
    "submitted": frozenset({"amended"}),
    "amended": frozenset({"amended"}),
}
VISIT_STATES: Final = tuple(VISIT_MOVES)

_JUDGED: Final = frozenset({"confirmed", "dismissed", "unsure"})
# An officer who logged the goods stands before them, so a judgement is allowed from every open state.
ALERT_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "new": _JUDGED | {"triaged", "escalated", "superseded"},
    "triaged": _JUDGED | {"pushed", "escalated", "superseded"},
    "pushed": _JUDGED | {"acknowledged", "escalated", "superseded"},
    "acknowledged": _JUDGED | {"on_site", "escalated", "superseded"},
    "on_site": _JUDGED | {"escalated", "superseded"},
    "escalated": _JUDGED | {"triaged", "pushed", "acknowledged", "on_site", "superseded"},
    "unsure": frozenset({"confirmed", "dismissed", "escalated", "superseded"}),
    "confirmed": frozenset({"closed"}),
    "dismissed": frozenset({"closed", "new"}),
    # The goods line or the report changed and the evidence is gone; it returns when the evidence does.
    "superseded": frozenset({"new"}),
    "closed": frozenset(),
}
ALERT_STATES: Final = tuple(ALERT_MOVES)
OPEN_ALERT_STATES: Final = ("new", "triaged", "pushed", "acknowledged", "on_site", "escalated", "unsure")
ALERT_BANDS: Final = ("alert", "possible")
DISMISSAL_REASONS: Final = (
    "different_item",
    "owner_proved",
    "report_wrong",
    "identifier_misread",
    "other",
)

GOODS_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "on_shelf": frozenset({"held", "sold"}),
    "held": frozenset({"seized", "released"}),
    "released": frozenset({"held", "sold"}),
    "seized": frozenset({"returned", "forfeited"}),
    "returned": frozenset(),
    "forfeited": frozenset(),
    "sold": frozenset(),
}
DISPOSITIONS: Final = tuple(GOODS_MOVES)

# What the words of the matcher are words for, and the life of a set of words and weights.
ALIAS_KINDS: Final = ("make", "model", "colour", "material", "category", "mark_cue", "stop_phrase")
RELEASE_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"rehearsed", "rejected"}),
    "rehearsed": frozenset({"proposed", "rejected"}),
    "proposed": frozenset({"in_force", "rejected"}),
    "in_force": frozenset({"retired"}),
    "retired": frozenset(),
    "rejected": frozenset(),
}
RELEASE_STATES: Final = tuple(RELEASE_MOVES)

JOB_STATES: Final = ("queued", "running", "done", "failed", "cancelled")
IMPORT_STATES: Final = ("uploaded", "queued", "running", "done", "failed", "cancelled")


def may(roles: frozenset[str], permission: str) -> bool:
    """Whether any of the roles carries the permission."""
    return any(permission in PERMISSIONS.get(role, frozenset()) for role in roles)


def is_move_allowed(moves: Mapping[str, frozenset[str]], before: str, after: str) -> bool:
    """Whether the table has the move from ``before`` to ``after``."""
    return after in moves.get(before, frozenset())
