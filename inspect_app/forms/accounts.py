"""The administrator's forms: users, units, agencies, areas."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import Optional, Regexp, ValidationError

from inspect_app.forms.fields import ChoiceField, NumberField, fold_width, required, text_field

_CODE = Regexp(r"[0-9A-Za-z][0-9A-Za-z._-]*\Z", message=_l("Only letters, digits, points and hyphens."))
_ADDRESS = Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message=_l("This is not an e-mail address."))
_AREA_CODE = re.compile(r"[1-8][0-9](?:[0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10})\Z")


def _folded(value: Any) -> Any:
    return fold_width(value) if isinstance(value, str) else value


class UserForm(FlaskForm):
    """One user. The choices of role and unit come from the view, in the person's language."""

    badge_number = text_field(_l("Badge number"), 40, is_required=True, validators=[_CODE])
    full_name = text_field(_l("Full name"), 80, is_required=True)
    role = ChoiceField(_l("Role"), [required()], blank=_l("Choose"))
    unit_id = ChoiceField(_l("Unit"), blank=_l("None (the whole city)"))
    email = text_field(_l("E-mail"), 255, validators=[Optional(), _ADDRESS])
    language = ChoiceField(
        _l("Language"), options=[("zh_Hans_CN", "简体中文"), ("en", "English")], blank=_l("As the browser chose")
    )


class UserFilterForm(FlaskForm):
    """What the list of users shows."""

    class Meta:
        csrf = False

    q = text_field(_l("Badge number, name or unit"), 100)
    role = ChoiceField(_l("Role"), blank=_l("All"))
    state = ChoiceField(
        _l("State"), options=[("active", _l("Active")), ("inactive", _l("Switched off"))], blank=_l("All")
    )


class AgencyForm(FlaskForm):
    """One agency."""

    code = text_field(_l("Code"), 40, is_required=True, validators=[_CODE])
    kind = ChoiceField(_l("Kind"), [required()], blank=_l("Choose"))
    name_zh = text_field(_l("Chinese name"), 120, is_required=True)
    name_en = text_field(_l("English name"), 120, is_required=True)
    is_active = BooleanField(_l("Active"), default=True)


class UnitForm(FlaskForm):
    """One unit."""

    agency_id = ChoiceField(_l("Agency"), [required()], blank=_l("Choose"))
    code = text_field(_l("Code"), 40, is_required=True, validators=[_CODE])
    name_zh = text_field(_l("Chinese name"), 120, is_required=True)
    name_en = text_field(_l("English name"), 120, is_required=True)
    area_code = ChoiceField(_l("Area"), [required()], blank=_l("Choose"))
    lat = NumberField(_l("Latitude"), decimals=6, largest=90, is_whole=False)
    lng = NumberField(_l("Longitude"), decimals=6, largest=180, is_whole=False)
    is_active = BooleanField(_l("Active"), default=True)


class AreaForm(FlaskForm):
    """One area."""

    code = text_field(_l("Area code (GB/T 2260)"), 12, is_required=True, render_kw={"inputmode": "numeric"})
    name_zh = text_field(_l("Chinese name"), 80, is_required=True)
    name_en = text_field(_l("English name"), 80, is_required=True)

    def validate_code(self, field: Any) -> None:
        """4 digits for a city, 6 for a district, 9 for a street, 12 for a community."""
        field.data = _folded(field.data)
        if not _AREA_CODE.match(field.data or ""):
            raise ValidationError(
                _l("An area code has 4 digits for a city, 6 for a district, 9 for a street, 12 for a community.")
            )
