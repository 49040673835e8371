"""Every action that the code records has words for the auditor, in both languages."""

import re
from pathlib import Path

from inspect_app import rules
from inspect_app.reference.audit_actions import action_label, field_label, labelled_actions, subject_label

SOURCE = Path(__file__).resolve().parents[3] / "inspect_app"
_ACTION = re.compile(rf'"((?:{"|".join(rules.FEATURES)}):[a-z_]+:[a-z_]+)"')


def test_every_action_has_words() -> None:
    used = {action for path in SOURCE.rglob("*.py") for action in _ACTION.findall(path.read_text("utf-8"))}
    used |= {f"alerts:alert:{state}" for state in rules.ALERT_STATES}
    assert len(used) > 20, "the actions of the code were not found"
    assert not used - labelled_actions()


def test_words() -> None:
    assert action_label("accounts:session:started", "zh_Hans_CN") == "登录"
    assert action_label("accounts:session:started", "en") == "Signed in"
    assert action_label("no:such:action", "en") == "no:such:action"
    assert subject_label("visit", "en") == "Visit"
    assert field_label("no_such_field", "zh") == "no_such_field"
