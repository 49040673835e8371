"""Alerts: the list that refreshes itself, one alert with its evidence, the judgement."""

import hashlib
import uuid
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.forms.alerts import AlertFilterForm, JudgementForm
from inspect_app.models import Alert
from inspect_app.reference.vocabulary import label
from inspect_app.rules import ALERT_MOVES
from inspect_app.services import alerts as service
from inspect_app.services.alerts import AlertFilter, Verdict
from inspect_app.services.masking import mask_name
from inspect_app.services.paging import ListPage
from inspect_app.web import evidence
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("alerts", __name__, url_prefix="/alerts")

STATE_TONES = {
    "new": "danger",
    "escalated": "danger",
    "triaged": "warning",
    "pushed": "warning",
    "acknowledged": "warning",
    "on_site": "warning",
    "unsure": "warning",
    "confirmed": "success",
}


@blueprint.get("")
@requires("alerts.view")
def index() -> str:
    """The list of alerts."""
    form, page = _listed()
    return render_template("alerts/index.html", form=form, **_list_context(page))


@blueprint.get("/rows")
@requires("alerts.view")
def rows() -> ResponseReturnValue:
    """The list alone, for a page that refreshes itself; 204 while nothing has changed."""
    _form, page = _listed()
    context = _list_context(page)
    if request.args.get("known") == context["fingerprint"]:
        return "", 204
    return render_template("alerts/_rows.html", **context)


@blueprint.get("/<int:alert_id>")
@requires("alerts.view")
def show(alert_id: int) -> str:
    """One alert: both items side by side, the evidence, the judgement."""
    alert = service.find_alert(current_actor(), alert_id)
    form = JudgementForm(short_language(), submission_id=str(uuid.uuid4()), evidence_key=alert.evidence_key)
    return _show(alert, form)


@blueprint.post("/<int:alert_id>/judgements")
@requires("alerts.judge")
def judge(alert_id: int) -> ResponseReturnValue:
    """Records a judgement."""
    form = JudgementForm(short_language())
    alert = service.find_alert(current_actor(), alert_id)
    if not form.validate_on_submit():
        return _show(alert, form), 422
    try:
        service.judge_alert(
            current_actor(),
            alert_id,
            Verdict(
                submission_id=form.submission_id.data,
                verdict=form.verdict.data,
                evidence_key=form.evidence_key.data or "",
                reason=form.reason.data or "",
                note=form.note.data or "",
            ),
            quiet_days=current_app.config["INSPECT"].dismissal_days,
        )
    except service.MoveNotAllowed as refused:
        flash(
            _("This alert is already: %(state)s.", state=label("alert_state", refused.before, short_language())),
            "warning",
        )
    except service.EvidenceChanged:
        form.evidence_key.data = service.find_alert(current_actor(), alert_id).evidence_key
        flash(_("The evidence changed while you looked at it. Look once more and decide again."), "warning")
        return _show(service.find_alert(current_actor(), alert_id), form), 409
    else:
        flash(_("Your decision is recorded."), "success")
    return redirect(url_for("alerts.show", alert_id=alert_id))


def _listed() -> tuple[AlertFilterForm, ListPage[Alert]]:
    form = AlertFilterForm(short_language(), request.args)
    # A list that was asked for with nonsense shows what it would show without.
    sound = form.validate()
    chosen = AlertFilter(
        band=form.band.data if sound and "band" in request.args else "alert",
        state=form.state.data if sound and "state" in request.args else "open",
        text=(form.text.data or "") if sound else "",
        order=form.order.data if sound and "order" in request.args else "newest",
        venue_id=request.args.get("venue", type=int),
    )
    if "band" not in request.args:
        form.band.data, form.state.data, form.order.data = chosen.band, chosen.state, chosen.order
    return form, service.list_alerts(current_actor(), chosen, request.args.get("page", 1, type=int))


def _list_context(page: ListPage[Alert]) -> dict[str, Any]:
    content = repr([(alert.id, alert.state, alert.evidence_key) for alert in page.rows]) + str(page.total)
    return {
        "page": page,
        "fingerprint": hashlib.sha256(content.encode()).hexdigest()[:16],
        "query": {key: value for key, value in request.args.items() if key != "known"},
        "tones": STATE_TONES,
        "evidence": evidence,
        "language": short_language(),
        "label": label,
    }


def _show(alert: Alert, form: JudgementForm) -> str:
    language = short_language()
    return render_template(
        "alerts/show.html",
        alert=alert,
        form=form,
        bars=evidence.waterfall(alert, language),
        can_judge=current_actor().may("alerts.judge") and bool(ALERT_MOVES[alert.state] & set(service.VERDICTS)),
        evidence=evidence,
        tones=STATE_TONES,
        language=language,
        label=label,
        mask_name=mask_name,
    )
