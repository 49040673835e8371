"""Puts the demo city together: pure, without a database, and the same every time."""

from inspect_app.services.demo.goods_logs import plan_logs
from inspect_app.services.demo.people import plan_officers, plan_people
from inspect_app.services.demo.places import plan_units
from inspect_app.services.demo.plans import City
from inspect_app.services.demo.reports import plan_thefts
from inspect_app.services.demo.venues import plan_venues
from inspect_app.services.demo.visits import Rota, complete_visit, plan_outings

STOLEN_ITEMS = 2_000
VISITS = 300
GOODS_LINES = 5_000
PEOPLE = 1_200


def plan_city(scale: float = 1.0) -> City:
    """The city; a ``scale`` under 1 makes fewer thefts, visits and goods, and the same units, officers and venues."""
    people = plan_people(max(60, int(PEOPLE * scale)))
    owners = len(people) * 2 // 3
    units, officers, venues = plan_units(), plan_officers(), plan_venues()
    thefts = plan_thefts(max(100, int(STOLEN_ITEMS * scale)), owners)
    outings = plan_outings(max(12, int(VISITS * scale)), venues, Rota(units, officers))
    logs = plan_logs(max(200, int(GOODS_LINES * scale)), outings, venues, thefts, range(owners, len(people)))
    return City(
        units=units,
        officers=officers,
        people=people,
        venues=venues,
        reports=tuple(theft.report for theft in thefts),
        visits=tuple(
            complete_visit(number, outing, venues[outing.venue], logs[number]) for number, outing in enumerate(outings)
        ),
    )
