"""The fields that every form shares: they read what people really type, and say in their language what is wrong.

All of them keep the typed text, so a form that comes back shows it unchanged.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import DateTimeLocalInput, TextInput

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
# Control characters that no keyboard types and PostgreSQL or a PDF cannot hold; line breaks and tabs are fine.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class CleanText:
    """No control characters, and at most ``longest`` characters: the text is shown back whole, never cut."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, _form: Any, field: Field) -> None:
        text = field.data or ""
        if _CONTROL.search(text) or _SURROGATE.search(text):
            raise ValidationError(
                _l("This contains characters that cannot be stored. Delete the text and type it anew.")
            )
        if len(text) > self.longest:
            message = _l("This is %(length)s characters long; at most %(longest)s fit.")
            raise ValidationError(message % {"length": len(text), "longest": self.longest})


class NotInFuture:
    """A day or a time that has already come; ten minutes are allowed, for clocks differ."""

    def __call__(self, _form: Any, field: Field) -> None:
        value = field.data
        if value is None:
            return
        now = datetime.now(UTC)
        if isinstance(value, datetime):
            late = (value - now).total_seconds() > 600
        else:
            late = value > now.astimezone(LOCAL_ZONE).date()
        if late:
            raise ValidationError(_l("This lies in the future. Check the date."))


def required() -> InputRequired:
    """The validator of a field that must not be empty."""
    return InputRequired(message=_l("Please fill this in."))


def strip(value: Any) -> Any:
    """Text without blanks around it; anything else as it is."""
    return value.strip() if isinstance(value, str) else value


def fold_width(text: str) -> str:
    """Full-width digits and letters as ordinary ones (NFKC), as a Chinese keyboard may type them."""
    return unicodedata.normalize("NFKC", text).strip()


def text_field(label: Any, longest: int, *, is_required: bool = False, lines: int = 1, **kwargs: Any) -> Any:
    """One line of text, or a box of several ``lines``, with the checks that every text needs."""
    # Not required(): blanks alone are no text.
    validators = [DataRequired(message=_l("Please fill this in."))] if is_required else []
    validators += [CleanText(longest), *kwargs.pop("validators", [])]
    render = {"maxlength": str(longest), "autocomplete": "off", **kwargs.pop("render_kw", {})}
    if lines > 1:
        return TextAreaField(label, validators, filters=[strip], render_kw={**render, "rows": str(lines)}, **kwargs)
    return StringField(label, validators, filters=[strip], render_kw=render, **kwargs)


class ChoiceField(SelectField):
    """A choice from a list, by default with an empty first entry; nothing chosen is ``""``, a forged one an error."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        options: Sequence[tuple[str, Any]] | Callable[[], Sequence[tuple[str, Any]]] = (),
        blank: Any = None,
        **kwargs: Any,
    ) -> None:
        def choices() -> list[SelectChoice]:
            listed = [SelectChoice(*option) for option in (options() if callable(options) else options)]
            return listed if blank is None else [SelectChoice("", blank), *listed]

        super().__init__(label, validators, choices=choices, **kwargs)

    def pre_validate(self, _form: Any) -> None:
        if self.data and self.data not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(_l("Choose one of the list."))


class TypedTextField(Field):
    """A text box whose text means a value: subclasses read it with ``parse``; what was typed is always shown again."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = fold_width(valuelist[0]) if valuelist else ""
        if typed:
            self.data = self.parse(typed)

    def parse(self, text: str) -> Any:
        """The value that the text means.

        Raises:
            ValueError: it means none; the message is for the person.
        """
        raise ValueError(text)

    def show(self, value: Any) -> str:
        """The value as a person would type it."""
        return str(value)


class NumberField(TypedTextField):
    """A number from 0, times ``factor``: ``decimals`` places; full-width digits and separators are read."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        factor: int = 1,
        decimals: int = 0,
        largest: int = 10**9,
        is_whole: bool = True,
        **kwargs: Any,
    ) -> None:
        kwargs["render_kw"] = {"inputmode": "decimal", "autocomplete": "off", **kwargs.get("render_kw", {})}
        super().__init__(label, validators, **kwargs)
        self.factor, self.decimals, self.largest, self.is_whole = factor, decimals, largest, is_whole

    def parse(self, text: str) -> int | float:
        try:
            number = Decimal(text.replace(",", "").replace("¥", "").replace("元", "").strip())
        except InvalidOperation:
            raise ValueError(_l("This is not a number.")) from None
        if not number.is_finite() or number < 0 or number > self.largest:
            raise ValueError(_l("Enter a number from 0 to %(largest)s.") % {"largest": f"{self.largest:,}"})
        scaled = number * self.factor
        return round(scaled) if self.is_whole else float(scaled)

    def show(self, value: Any) -> str:
        shown = f"{Decimal(str(value)) / self.factor:.{self.decimals}f}"
        return shown.rstrip("0").rstrip(".") if "." in shown else shown


def money_field(label: Any, **kwargs: Any) -> NumberField:
    """An amount typed in yuan, kept in fen."""
    return NumberField(label, factor=100, decimals=2, largest=1_000_000_000, **kwargs)


def weight_field(label: Any, **kwargs: Any) -> NumberField:
    """A weight typed in kilograms, kept in grams."""
    return NumberField(label, factor=1000, decimals=3, largest=10_000_000, **kwargs)


class LocalDateTimeField(TypedTextField):
    """A time typed on the clock of Asia/Shanghai, an aware UTC time in Python; seconds are optional."""

    widget = DateTimeLocalInput()
    _formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")

    def parse(self, text: str) -> datetime:
        for form in self._formats:
            try:
                local = datetime.strptime(text, form).replace(tzinfo=LOCAL_ZONE)
            except ValueError:
                continue
            if local.year < 1990:
                break
            return local.astimezone(UTC)
        raise ValueError(_l("Enter a date and time like 2026-03-05 14:30."))

    def show(self, value: datetime) -> str:
        return value.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


class DayField(DateField):
    """A day, typed or picked."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = fold_width(valuelist[0]).replace("/", "-") if valuelist else ""
        if not text:
            return
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_l("Enter a date like 2026-03-05.")) from None
        if day.year < 1990:
            raise ValueError(_l("Enter a date like 2026-03-05."))
        self.data = day
