"""The forms of the matcher's words and releases."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField

from inspect_app.forms.fields import ChoiceField, required, text_field


class AliasForm(FlaskForm):
    """One spelling and what it stands for."""

    kind = ChoiceField(_l("Kind of word"), [required()])
    canonical = text_field(_l("Stands for"), 60)
    spelling = text_field(_l("Spelling"), 60, is_required=True)
    may_move = BooleanField(_l("It shall mean this from now on"))


class AliasFileForm(FlaskForm):
    """A file of words."""

    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])


class DraftForm(FlaskForm):
    """The words as they stand, with other weights or those in force."""

    submission_id = HiddenField(validators=[required()])
    weights = FileField(_l("Table of weights (TOML), if they change"))


class DecisionForm(FlaskForm):
    """A step of a release, with its reason."""

    note = text_field(_l("Reason"), 300)
