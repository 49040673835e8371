"""The matcher's words: searched, changed, imported and exported. Its releases have ``web/matching_releases.py``."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.forms.matching import AliasFileForm, AliasForm
from inspect_app.reference.vocabulary import choices, label, labels
from inspect_app.services import alias_files, aliases, releases
from inspect_app.services.alias_files import AliasFileRefused
from inspect_app.services.aliases import AliasMeansAnother, AliasRefused
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("matching", __name__, url_prefix="/matching")

ORIGINS = ("shipped", "added", "removed")
SHOWN_REFUSALS = 20


@blueprint.get("/words")
@requires("matching.view")
def index() -> str:
    """The words, with a search."""
    return _page(_alias_form())


@blueprint.post("/words")
@requires("matching.manage")
def add() -> ResponseReturnValue:
    """Teaches the draft a spelling."""
    form = _alias_form()
    if form.validate_on_submit():
        try:
            alias = aliases.add_alias(
                current_actor(),
                form.kind.data,
                form.canonical.data or "",
                form.spelling.data,
                may_move=form.may_move.data,
            )
        except AliasMeansAnother as another:
            form.spelling.errors = [
                _("This spelling stands for %(name)s already. Tick the box below to move it.", name=another.canonical)
            ]
        except AliasRefused as refused:
            form[refused.field].errors = [refusal_text(refused.code)]
        else:
            flash(_("Saved in the draft: %(name)s. It works once a release goes live.", name=alias.spelling), "success")
            return redirect(url_for(".index", kind=alias.kind, q=alias.spelling), 303)
    return _page(form)


@blueprint.post("/words/remove")
@requires("matching.manage")
def remove() -> ResponseReturnValue:
    """Takes a spelling out of the draft."""
    return _changed(aliases.remove_alias, _("Taken out of the draft."))


@blueprint.post("/words/restore")
@requires("matching.manage")
def restore() -> ResponseReturnValue:
    """Brings a shipped spelling back."""
    return _changed(aliases.restore_alias, _("As shipped again."))


@blueprint.get("/words.csv")
@requires("matching.view")
def export() -> Response:
    """All words as CSV."""
    data = alias_files.write_alias_file(aliases.draft_aliases())
    headers = {"Content-Disposition": "attachment; filename=words.csv", "Cache-Control": "no-store"}
    return Response(data, mimetype="text/csv", headers=headers)


@blueprint.post("/words/import")
@requires("matching.manage")
def take_file() -> ResponseReturnValue:
    """Takes the words of a CSV file, all or none."""
    form = AliasFileForm()
    if not form.validate_on_submit():
        return _page(_alias_form(), file_form=form)
    try:
        rows = alias_files.read_alias_file(form.file.data.read(alias_files.MOST_BYTES + 1))
        added, refused = aliases.import_aliases(current_actor(), rows)
    except AliasFileRefused as error:
        form.file.errors = [_file_text(error.code)]
        return _page(_alias_form(), file_form=form)
    if refused:
        shown = refused[:SHOWN_REFUSALS]
        form.file.errors = [
            _("Row %(number)s: %(reason)s", number=number, reason=refusal_text(code)) for number, _field, code in shown
        ]
        form.file.errors.append(
            _("Nothing was taken. Mend these %(count)s rows and send it again.", count=len(refused))
        )
        return _page(_alias_form(), file_form=form)
    flash(_("%(count)s spellings were saved in the draft; the others stood there already.", count=added), "success")
    return redirect(url_for(".index", origin="added"), 303)


def refusal_text(code: str) -> str:
    """What a refusal of a spelling means to a person."""
    texts = {
        "empty": _("Fill this in."),
        "too_long": _("At most 60 characters."),
        "control_characters": _("There is a character in it that cannot be seen. Type it anew."),
        "unknown_kind": _("Choose one of the kinds."),
        "unknown_family": _("Name one or two colour families of: %(names)s.", names=", ".join(aliases.COLOUR_FAMILIES)),
        "unknown_category": _("Name one of the categories: %(names)s.", names=", ".join(aliases.CATEGORIES)),
        "not_needed": _("It stands so already; there is nothing to change."),
    }
    return texts[code]


def _file_text(code: str) -> str:
    texts = {
        "not_text": _("This is no CSV file in UTF-8. Save the sheet as CSV UTF-8 and send it again."),
        "missing_columns": _("The first line must name the columns kind, canonical and spelling."),
        "too_large": _("The file is larger than 2 MB."),
        "too_many_rows": _("The file has more than 20,000 rows."),
    }
    return texts[code]


def _changed(change: Any, done: str) -> ResponseReturnValue:
    try:
        change(current_actor(), request.form.get("kind", ""), request.form.get("folded", ""))
    except AliasRefused:
        flash(_("It was changed meanwhile; this is how it stands now."), "warning")
    else:
        flash(done, "success")
    return redirect(url_for(".index", q=request.form.get("q", ""), kind=request.form.get("shown_kind", "")), 303)


def _alias_form() -> AliasForm:
    form = AliasForm()
    form.kind.choices = choices("alias_kind", short_language())
    return form


def _page(form: AliasForm, file_form: AliasFileForm | None = None) -> str:
    kinds = labels("alias_kind")
    asked = {
        "text": request.args.get("q", "")[:60],
        "kind": request.args.get("kind", "") if request.args.get("kind", "") in kinds else "",
        "origin": request.args.get("origin", "") if request.args.get("origin", "") in ORIGINS else "",
    }
    actor = current_actor()
    page = aliases.find_aliases(actor, **asked, page=request.args.get("page", 1, type=int))
    return render_template(
        "matching/index.html",
        form=form,
        file_form=file_form or AliasFileForm(),
        page=page,
        asked=asked,
        kind_choices=choices("alias_kind", short_language()),
        kind_word=lambda code: label("alias_kind", code, short_language()),
        category_word=lambda code: label("category", code, short_language()),
        origin_words={"shipped": _("As shipped"), "added": _("Changed"), "removed": _("Taken out")},
        change_count=releases.count_changes(actor),
        is_draft_open=releases.is_draft_open(actor),
    )
