"""Checks a number while it is typed, for every form that takes one; and the words for what a check found."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from inspect_app.services.identifiers import check_identifier
from inspect_app.web.access import requires

blueprint = Blueprint("identifiers", __name__, url_prefix="/identifiers")
# Longer values are no identifiers; the form itself says so when it is sent.
_LONGEST_CHECKED = 200


@blueprint.route("/check", methods=["GET", "POST"])
@requires("overview.view")
def check() -> str:
    """A hint beside the field: whether the number has the shape and the check digit of its kind.

    Takes ``kind`` and ``value``, also where rows name their fields ``items-0-identifiers-2-value``. Forms send it as a
    POST, so that no number stands in an address.
    """
    kind, value = _sent("kind"), _sent("value")[:_LONGEST_CHECKED]
    return render_template("identifiers/check.html", check=check_identifier(kind, value))


@blueprint.app_template_global()
def identifier_reason(code: str) -> str:
    """The words for a reason code of a check that leaves a doubt; "" where there is nothing to say."""
    return {
        "imei_not_digits": _("an IMEI has digits only"),
        "imei_length": _("an IMEI has 15 digits"),
        "imei_luhn": _("the last digit does not fit the others"),
        "vin_length": _("a VIN has 17 characters"),
        "vin_letters": _("a VIN never holds the letters I, O and Q"),
        "vin_check_character": _("the 9th character does not fit the others"),
        "plate_shape": _("this is not the shape of a number plate"),
        "vehicle_code_shape": _("a vehicle code has 15 digits"),
        "mac_shape": _("a MAC address has 12 digits or letters A to F"),
    }.get(code, "")


blueprint.add_app_template_global(check_identifier, "check_identifier")


def _sent(name: str) -> str:
    return next((value for key, value in request.values.items() if key == name or key.endswith(f"-{name}")), "")
