"""Tables and constraints, no decisions."""

from inspect_app.models.accounts import Agency, Area, KeptForm, Role, SignInThrottle, Unit, User, WebAuthn
from inspect_app.models.alerts import Alert, AlertMove, Judgement, Screened
from inspect_app.models.audit import AuditEvent
from inspect_app.models.goods import GoodsIdentifier, GoodsLine, Photo
from inspect_app.models.imports import ImportBatch, ImportRefusal, Job, SavedMapping
from inspect_app.models.inspections import ChecklistAnswer, NumberSeries, Visit, VisitOfficer
from inspect_app.models.match_index import MatchFiling, MatchKey, MatchKeyCount, MatchRecord, MatchTraits
from inspect_app.models.matching import AliasChange, MatcherRelease
from inspect_app.models.people import Person
from inspect_app.models.stolen import StolenIdentifier, StolenItem, StolenReport
from inspect_app.models.venues import Venue

__all__ = [
    "Agency",
    "Alert",
    "AlertMove",
    "AliasChange",
    "Area",
    "AuditEvent",
    "ChecklistAnswer",
    "GoodsIdentifier",
    "GoodsLine",
    "ImportBatch",
    "ImportRefusal",
    "Job",
    "Judgement",
    "KeptForm",
    "MatchFiling",
    "MatchKey",
    "MatchKeyCount",
    "MatchRecord",
    "MatchTraits",
    "MatcherRelease",
    "NumberSeries",
    "Person",
    "Photo",
    "Role",
    "SavedMapping",
    "Screened",
    "SignInThrottle",
    "StolenIdentifier",
    "StolenItem",
    "StolenReport",
    "Unit",
    "User",
    "Venue",
    "Visit",
    "VisitOfficer",
    "WebAuthn",
]
