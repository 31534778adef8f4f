"""Terms and categories by legal records: what is not recorded has no date, rather than a wrong one."""

import datetime
from decimal import Decimal

from cabinet.connection.models import ConnectionApplication
from portal.formats.words import days_of, working_days_of
from tenants.legal.rules import RULES, WORKING_DAYS
from tenants.legal.selectors import LegalValueMissing, legal_number
from tenants.legal.working_days import working_days_after
from tenants.selectors import current_company

State = ConnectionApplication.State

_WORKS = {
    1: "connection_works_days_first",
    2: "connection_works_days_second",
    3: "connection_works_days_third",
}
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


def number_of(code: str, day: datetime.date) -> Decimal | None:
    """Return the value of a record of connection, or None where there is none in force."""
    try:
        return legal_number(code, day, current_company())
    except LegalValueMissing:
        return None


def term_said(code: str, day: datetime.date) -> str:
    """Return a term as it stands after «в течение»: «трёх рабочих дней»; empty where no record says."""
    days = _days(code, day)
    if not days:
        return ""
    return working_days_of(days) if RULES[code].unit == WORKING_DAYS else days_of(days)


def category_of(
    *, flow: Decimal, distance: Decimal, is_village: bool, day: datetime.date
) -> int | None:
    """Return the category by flow (m³/h) and distance to the network (m); None without records."""
    place = "village" if is_village else "town"
    limits = [
        number_of(code, day)
        for code in (
            "connection_first_flow",
            "connection_first_distance",
            "connection_second_flow",
            f"connection_second_distance_{place}",
        )
    ]
    if None in limits:
        return None
    first_flow, first_distance, second_flow, second_distance = (one or Decimal() for one in limits)
    if flow <= first_flow and distance <= first_distance:
        return 1
    if flow < second_flow and distance <= second_distance:
        return 2
    return 3


def _days(code: str, day: datetime.date) -> int | None:
    number = number_of(code, day)
    return None if number is None else int(number)
