"""What the tabs of an account's page show, by the selectors of the cabinet's own pages."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import QueryDict
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.appointments.models import Appointment
from cabinet.billing.as_of import files_as_of
from cabinet.billing.history.charges import MONTHS_PAGE, charges_shown
from cabinet.billing.history.payments import PAYMENTS_PAGE, payments_shown
from cabinet.billing.selectors import account_bills
from cabinet.houses.selectors import house_page
from cabinet.layout.selectors import information_of
from cabinet.meters.history.table import reading_history
from cabinet.meters.models import Submission, SubmissionLine
from cabinet.meters.selectors import meters_in_use
from cabinet.payments.selectors import payments_of

ROWS = 24
SUBMISSIONS = 20


def information_context(account: PersonalAccount) -> dict[str, Any]:
    """Return the blocks of «Информация», the meters as operators need them, and a fund's house."""
    information = information_of(account, masked=False)
    today = timezone.localdate()
    return {
        "information": information,
        "as_of": information.shown_as_of,
        "today": today,
        "meters": meters_in_use(account),
        "house_page": house_page(account, this_year=today.year),
    }


def readings_context(account: PersonalAccount, page: str | None) -> dict[str, Any]:
    """Return the history of readings, and what the portal has taken, with its photos."""
    lines = SubmissionLine.objects.select_related("meter").order_by("pk")
    taken = account.submissions.prefetch_related(
        Prefetch("lines", queryset=lines), "photos"
    ).order_by("-received_at", "-id")
    return {
        "history": Paginator(reading_history(account), ROWS).get_page(page),
        "submissions": list(taken[:SUBMISSIONS]),
        "as_of": files_as_of().get("readings.csv"),
    }


def charges_context(account: PersonalAccount, asked: QueryDict) -> dict[str, Any]:
    shown = charges_shown(account, asked)
    return {
        "shown": shown,
        "months": Paginator(shown.months.months, MONTHS_PAGE).get_page(asked.get("p")),
        "as_of": files_as_of().get("charges.csv"),
    }


def payments_context(account: PersonalAccount, asked: QueryDict) -> dict[str, Any]:
    shown = payments_shown(account, asked)
    return {
        "shown": shown,
        "payments": Paginator(shown.payments, PAYMENTS_PAGE).get_page(asked.get("p")),
        "through_portal": list(payments_of(account)[:ROWS]),
        "as_of": files_as_of().get("payments.csv"),
    }


def bills_context(account: PersonalAccount, page: str | None) -> dict[str, Any]:
    return {
        "bills": Paginator(account_bills(account), ROWS).get_page(page),
        "as_of": files_as_of().get("charges.csv"),
    }


def submission_named(account: PersonalAccount, number: str) -> Submission | None:
    """Return the account's submission of this number, with its lines."""
    found = Submission.objects.filter(account=account, number=number)
    return found.prefetch_related("lines__meter").first()


def appointments_context(account: PersonalAccount, page: str | None) -> dict[str, Any]:
    """Return what is booked for the account, the latest first; codes that nobody typed in are left out."""
    unconfirmed = (Appointment.State.HELD, Appointment.State.EXPIRED)
    rows = Appointment.objects.filter(account=account).exclude(state__in=unconfirmed)
    rows = rows.select_related("centre").order_by("-starts_at", "-pk")
    return {"appointments": Paginator(rows, ROWS).get_page(page)}
