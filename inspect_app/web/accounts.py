"""The administrator's pages of users: the list, one user, a new password."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app import rules
from inspect_app.forms.accounts import UserFilterForm, UserForm
from inspect_app.models import Unit
from inspect_app.reference.vocabulary import choices, label
from inspect_app.services import accounts, directory
from inspect_app.services.accounts import AccountNotFound, AccountTaken, NewPassword, OwnAccount, UnitMissing, UserDraft
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("/")
@requires("accounts.manage")
def index() -> str:
    """The list of users."""
    form = UserFilterForm(request.args)
    form.role.choices = [("", _("All")), *_role_choices()]
    is_readable = form.validate()
    asked = {"text": form.q.data or "", "role": form.role.data or "", "state": form.state.data or ""}
    page = accounts.find_users(
        current_actor(), **(asked if is_readable else {}), page=request.args.get("page", 1, type=int)
    )
    return render_template("accounts/index.html", form=form, page=page, **_words())


@blueprint.get("/users/new")
@requires("accounts.manage")
def new() -> str:
    """An empty form for a user."""
    return _show_form(_form())


@blueprint.post("/users/new")
@requires("accounts.manage")
def create() -> ResponseReturnValue:
    """Makes a user and shows the password, once."""
    form = _form()
    made = _saved(form, lambda draft: accounts.create_user(current_actor(), draft))
    if made is None:
        return _show_form(form)
    return _show_password(made, is_new=True)


@blueprint.get("/users/<int:user_id>")
@requires("accounts.manage")
def show(user_id: int) -> str:
    """One user, to look at and to change."""
    user = _user(user_id)
    form = _form()
    for name in ("badge_number", "full_name", "language"):
        getattr(form, name).data = getattr(user, name)
    form.unit_id.data = str(user.unit_id or "")
    form.role.data = accounts.role_of(user)
    form.email.data = accounts.address_of(user)
    return _show_form(form, user)


@blueprint.post("/users/<int:user_id>")
@requires("accounts.manage")
def save(user_id: int) -> ResponseReturnValue:
    """Changes a user."""
    user, form = _user(user_id), _form()
    if _saved(form, lambda draft: accounts.edit_user(current_actor(), user_id, draft)) is None:
        return _show_form(form, user)
    flash(_("The user was saved."), "success")
    return redirect(url_for(".show", user_id=user_id))


@blueprint.post("/users/<int:user_id>/password")
@requires("accounts.manage")
def reset_password(user_id: int) -> ResponseReturnValue:
    """Makes a new password and shows it, once."""
    _user(user_id)
    return _show_password(accounts.reset_password(current_actor(), user_id), is_new=False)


@blueprint.post("/users/<int:user_id>/state")
@requires("accounts.manage")
def set_state(user_id: int) -> ResponseReturnValue:
    """Switches a user off, or on again."""
    _user(user_id)
    is_active = request.form.get("is_active") == "yes"
    try:
        accounts.set_user_active(current_actor(), user_id, is_active=is_active)
    except OwnAccount:
        flash(_own_account_text(), "error")
    else:
        on, off = _("The account is on again."), _("The account is switched off, and its sessions have ended.")
        flash(on if is_active else off, "success")
    return redirect(url_for(".show", user_id=user_id))


def _user(user_id: int) -> Any:
    try:
        return accounts.find_user(current_actor(), user_id)
    except AccountNotFound:
        abort(404)


def _form() -> UserForm:
    form = UserForm()
    form.role.choices = [("", _("Choose")), *_role_choices()]
    units = [(str(unit.id), f"{unit_name(unit.agency)} · {unit_name(unit)}") for unit in directory.list_units()]
    form.unit_id.choices = [("", _("None (the whole city)")), *units]
    return form


def _saved(form: UserForm, save_draft: Any) -> Any:
    """What the service made of the form; None after putting what is wrong on its fields."""
    if not form.validate():
        return None
    draft = UserDraft(
        badge_number=form.badge_number.data,
        full_name=form.full_name.data,
        role=form.role.data,
        unit_id=int(form.unit_id.data) if form.unit_id.data else None,
        email=form.email.data or "",
        language=form.language.data or "",
    )
    try:
        return save_draft(draft)
    except AccountTaken as taken:
        texts = {
            "badge_number": _("Another user has this badge number."),
            "email": _("Another user has this e-mail address."),
        }
        form[taken.field].errors = [texts[taken.field]]
    except UnitMissing:
        form.unit_id.errors = [_("This role works in the area of a unit: choose the unit.")]
    except OwnAccount:
        form.role.errors = [_own_account_text()]
    return None


def _own_account_text() -> str:
    return _("This is your own account. Ask another administrator, so that one is always left.")


def _show_form(form: UserForm, user: Any = None) -> str:
    return render_template("accounts/user.html", form=form, user=user, **_words())


def _show_password(made: NewPassword, *, is_new: bool) -> Response:
    response = make_response(render_template("accounts/password.html", made=made, is_new=is_new, **_words()))
    # Shown once: neither the back button nor a cache brings it again.
    response.headers["Cache-Control"] = "no-store"
    return response


def _role_choices() -> list[tuple[str, str]]:
    return [(code, word) for code, word in choices("role", short_language()) if code in rules.ROLES]


def unit_name(place: Any) -> str:
    """The name of an agency, a unit or an area in the language of the page."""
    if place is None:
        return ""
    return str(place.name_en if short_language() == "en" else place.name_zh)


def _words() -> dict[str, Any]:
    def role_word(user: Any) -> str:
        role = accounts.role_of(user)
        return label("role", role, short_language()) if role else "—"

    def unit_word(unit: Unit | None) -> str:
        return f"{unit_name(unit.agency)} · {unit_name(unit)}" if unit else "—"

    return {"role_word": role_word, "unit_word": unit_word, "place_word": unit_name, "address_of": accounts.address_of}
