"""Terms and categories by legal records: what is not recorded has no date, rather than a wrong one."""

import datetime

from django.utils.translation import gettext as _

from cabinet.connection.legal import number_of
from cabinet.connection.models import ConnectionApplication
from portal.formats.words import days_of, working_days_of
from tenants.legal.rules import RULES, WORKING_DAYS
from tenants.legal.working_days import working_days_after

State = ConnectionApplication.State

_WORKS = {
    1: "connection_works_days_first",
    2: "connection_works_days_second",
    3: "connection_works_days_third",
}
_LIMITS = (
    *("first_flow", "first_distance", "second_flow"),
    *("second_distance_village", "second_distance_town"),
)
# The term that runs in a state, in working days: its legal record.
_TERMS: dict[str, str] = {
    State.SUBMITTED: "connection_forward_days",
    State.FORWARDED: "connection_check_days",
    State.REGISTERED: "connection_contract_days",
}


def due_of(application: ConnectionApplication, day: datetime.date) -> datetime.date | None:
    """Return the last day of the term that begins with the state, or None where no record says.

    The contract's term runs from the recipient's registration, whatever happens in between.
    """
    if application.state in (State.SIGNED, State.BUILDING):
        code = _WORKS.get(application.category or 0)
        days = _days(code, day) if code else None
        return None if days is None else day + datetime.timedelta(days=days)
    if application.state not in _TERMS:
        return None
    code = _TERMS[application.state]
    start = application.registered_on if application.state == State.REGISTERED else day
    days = _days(code, start or day)
    return None if days is None else working_days_after(start or day, days)


def term_said(code: str, day: datetime.date) -> str:
    """Return a term as it stands after «в течение»: «трёх рабочих дней»; empty where no record says."""
    days = _days(code, day)
    if not days:
        return ""
    return working_days_of(days) if RULES[code].unit == WORKING_DAYS else days_of(days)


def categories_said(day: datetime.date) -> str:
    """Return in words which objects are of which category; empty where a record is missing."""
    limits = {code: number_of(f"connection_{code}", day) for code in _LIMITS}
    known = {code: f"{value.normalize():f}" for code, value in limits.items() if value is not None}
    if len(known) < len(limits):
        return ""
    said = _(
        "Первая: до сети не больше %(first_distance)s м, расход не больше %(first_flow)s м³/ч. "
        "Вторая: до сети не больше %(second_distance_village)s м в селе или "
        "%(second_distance_town)s м в городе, расход меньше %(second_flow)s м³/ч. "
        "Остальные объекты — третьей категории."
    )
    return said % known


def _days(code: str, day: datetime.date) -> int | None:
    number = number_of(code, day)
    return None if number is None else int(number)
