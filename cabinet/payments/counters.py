"""Counters of the fleet page, and what the first page of a company's admin has to be done."""

import datetime
from collections.abc import Iterator

from django.db.models import Aggregate, Count, F, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.payments.models import IN_FLIGHT, Difference, LedgerEntry, Payment, Refund
from cabinet.payments.refunds.sums import OPEN
from cabinet.payments.registry import payments_are_taken
from portal.connection import current_schema
from portal.staff.admin_home_items import Task
from tenants.fleet import Counter
from tenants.models import GasCompany
from tenants.office.months import ByMonth, Monthly, by_month, moments

_LONG = datetime.timedelta(days=1)
_RECEIPTS_WITHIN = datetime.timedelta(days=30)


def payments_open_long(company: GasCompany) -> int:
    """Return how many payments and refunds have been without an outcome for more than a day."""
    since = timezone.now() - _LONG
    payments = Payment.objects.filter(state__in=IN_FLIGHT, sent_at__lt=since)
    refunds = Refund.objects.filter(state__in=OPEN, sent_at__lt=since)
    return payments.count() + refunds.count()


def differences_open(company: GasCompany) -> int:
    return Difference.objects.filter(closed_at=None).count()


def receipts_canceled(company: GasCompany) -> int:
    """Return how many receipts of 54-ФЗ of the last 30 days were not issued."""
    lately = {
        "receipt_state": "canceled",
        "created_at__gt": timezone.now() - _RECEIPTS_WITHIN,
    }
    return Payment.objects.filter(**lately).count() + Refund.objects.filter(**lately).count()


def payments_by_month(company: GasCompany, since: datetime.date, until: datetime.date) -> ByMonth:
    """Count the payments made in the days `since` ≤ day < `until`, by month."""
    return _taken(since, until, Count("pk"))


def sums_by_month(company: GasCompany, since: datetime.date, until: datetime.date) -> ByMonth:
    """Return what these payments were for, ₽, without commissions and refunds."""
    return _taken(since, until, Sum(F("principal") + F("penalty")))


def _taken(since: datetime.date, until: datetime.date, figure: Aggregate) -> ByMonth:
    start, end = moments(since, until)
    return by_month(
        LedgerEntry.objects.filter(refund=None, at__gte=start, at__lt=end), "at", figure
    )


MONTHLY = (
    Monthly("payments", "Платежи", payments_by_month, order=20),
    Monthly("payments_sum", "Сумма платежей", sums_by_month, order=30, is_money=True),
)
COUNTERS = (
    Counter(
        "payments_open",
        "Платежей без исхода больше суток",
        payments_open_long,
        order=70,
        alarm=True,
        rows="payments_desk",
    ),
    Counter(
        "differences",
        "Расхождений в сверке",
        differences_open,
        order=71,
        alarm=True,
        rows="payments_reconciliation",
    ),
    Counter(
        "receipts",
        "Чеков не выдано за месяц",
        receipts_canceled,
        order=72,
        alarm=True,
        rows="payments_desk",
    ),
)


def payments_home_tasks(request: HttpRequest) -> Iterator[Task]:
    """Ask whoever may set up the company's shop to do so."""
    if current_schema() == "public" or not request.user.has_perm("payments.change_shop"):
        return
    yield Task(
        title=_("Подключите приём платежей"),
        hint=_(
            "Магазин в ЮKassa, комиссия и чеки. Пока его нет, в кабинете нет кнопки «Оплатить»."
        ),
        url=reverse("payment_shop"),
        done=payments_are_taken(),
    )
