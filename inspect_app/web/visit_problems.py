"""What a visit still lacks, in the words of the page, each with the place on it that puts it right."""

from flask_babel import gettext as _

from inspect_app.forms.inspections import facts_form, item_prefix
from inspect_app.models import Visit
from inspect_app.services.inspection_submission import Problem, lines_on_log
from inspect_app.services.inspections import checklist_of
from inspect_app.web.formats import code_label


def problem_links(visit: Visit, problems: tuple[Problem, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is wrong, each with the ids of the places on the page: one without a number, or several numbered ones."""
    about_items = {
        "not_answered": _("Checklist items without an answer"),
        "no_note": _("Checklist items not in order that need a note"),
    }
    numbers = {item.key: str(number) for number, item in enumerate(checklist_of(visit).items, start=1)}
    links: dict[str, list[tuple[str, str]]] = {}
    for problem in problems:
        if problem.place == "item":
            links.setdefault(about_items[problem.code], []).append((_anchor(problem), numbers[problem.key]))
        else:
            links[_text(visit, problem)] = [(_anchor(problem), "")]
    return list(links.items())


def _anchor(problem: Problem) -> str:
    if problem.place == "item":
        return item_prefix(problem.key).rstrip("-")
    if problem.place == "line":
        return f"line-{problem.key}"
    return problem.key if problem.place == "field" else problem.place


def _text(visit: Visit, problem: Problem) -> str:
    if problem.place == "line":
        uids = [line.line_uid for line in lines_on_log(visit)]
        line = _("Goods line %(number)s", number=uids.index(problem.key) + 1)
        about = {
            "line_not_read": _("a value could not be read"),
            "line_says_nothing": _("says nothing of the thing: describe it, or take the line off"),
        }
        return f"{line}{_(': ')}{about[problem.code]}"
    if problem.place == "field":
        form = facts_form(visit)
        label = form[problem.key].label.text if problem.key in form else _("A note or a credential")
        about = {
            "not_read": _("could not be read"),
            "ended_missing": _("is missing"),
            "in_future": _("lies in the future"),
        }
        return f"{label}{_(': ')}{about[problem.code]}"
    return _other_text(visit, problem)


def _other_text(visit: Visit, problem: Problem) -> str:
    names = {str(officer.user_id): officer.user.full_name for officer in visit.officers}
    return {
        "no_officers": _("No officer is named"),
        "too_few_officers": _(
            "Only one officer of %(agency)s: at least two of each agency that acts",
            agency=code_label("agency_kind", problem.key) or _("an unknown agency"),
        ),
        "no_credential": _("%(name)s: which credential was shown?", name=names.get(problem.key, "")),
        "outcome_missing": _("The outcome is missing"),
        "outcome_contradicts_checklist": _(
            "The outcome says that no problem was found, but an item of the checklist is not in order"
        ),
        "outcome_without_held_goods": _("The outcome says that goods were held, but no goods line is held"),
    }[problem.code]
