"""The figures that a cashier begins the day with: what came in since Friday, and what waits for somebody."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cabinet.payments.desk.rights import ANSWER, CLOSE, REFUND, SEE
from cabinet.payments.models import (
    IN_FLIGHT,
    Difference,
    LedgerEntry,
    Payment,
    Reconciliation,
    Refund,
    RefundRequest,
)
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.refunds.sums import OPEN
from portal.connection import current_schema
from portal.staff.admin_home_items import Action

# What is open for longer is looked at; a provider sends money within a few days.
_LONG = datetime.timedelta(hours=1)
_TRANSFERRED_WITHIN = datetime.timedelta(days=5)


@dataclass(frozen=True)
class Money:
    """Payments and refunds of some days: how many, and ₽."""

    since: datetime.date
    taken: Decimal
    payments: int
    given_back: Decimal
    refunds: int


@dataclass(frozen=True)
class Waiting:
    """What waits for a cashier, in numbers of rows."""

    open_long: int
    mismatches: int
    untransferred: int
    refunds_waiting: int
    refunds_open: int
    requests: int
    differences: int

    @cached_property
    def is_all_done(self) -> bool:
        return not any(
            (
                self.open_long,
                self.mismatches,
                self.untransferred,
                self.refunds_waiting,
                self.requests,
                self.differences,
            )
        )


def money_lately() -> Money:
    """Return what moved yesterday; on a Monday and Sunday since Friday."""
    today = timezone.localdate()
    since = today - datetime.timedelta(days={0: 3, 6: 2}.get(today.weekday(), 1))
    rows = LedgerEntry.objects.filter(at__gte=day_of(since)[0])
    total = Sum("principal") + Sum("penalty") + Sum("commission")
    paid = rows.filter(refund=None).aggregate(count=Count("pk"), total=total)
    back = rows.exclude(refund=None).aggregate(count=Count("pk"), total=total)
    nothing = Decimal("0.00")
    return Money(
        since,
        paid["total"] or nothing,
        paid["count"],
        -(back["total"] or nothing),
        back["count"],
    )


def waiting_now() -> Waiting:
    """Return how many rows wait, each by its own index: a company has millions of payments."""
    now = timezone.now()
    long_ones = Payment.objects.filter(state__in=IN_FLIGHT, sent_at__lt=now - _LONG, mismatch="")
    return Waiting(
        open_long=long_ones.count(),
        mismatches=Payment.objects.exclude(mismatch="").count(),
        untransferred=Payment.objects.filter(untransferred(now)).count(),
        refunds_waiting=Refund.objects.filter(state=Refund.State.WAITING).count(),
        refunds_open=Refund.objects.filter(state__in=OPEN).count(),
        requests=requests_new().count(),
        differences=Difference.objects.filter(closed_at=None).count(),
    )


def untransferred(now: datetime.datetime) -> Q:
    """Return the condition of payments whose money should have come by now, of the last 60 days."""
    return Q(
        state=Payment.State.SUCCEEDED,
        transfer=None,
        paid_at__lt=now - _TRANSFERRED_WITHIN,
        paid_at__gte=now - datetime.timedelta(days=60),
    )


def requests_new() -> QuerySet[RefundRequest]:
    return RefundRequest.objects.filter(state=RefundRequest.State.NEW)


def last_reconciliation() -> Reconciliation | None:
    return Reconciliation.objects.order_by("-day").first()


def payments_home_items(request: HttpRequest) -> Iterator[Action]:
    """Offer cashiers their queues on the first page of the admin."""
    user = request.user
    if current_schema() == "public" or not user.has_perm(SEE):
        return
    may_refund = user.has_perm(REFUND)
    waiting = Refund.objects.filter(state=Refund.State.WAITING).count() if may_refund else 0
    yield Action(title=_("Платежи"), url=reverse("payments_desk"), icon="list-ul", waiting=waiting)
    if user.has_perm(ANSWER):
        yield Action(
            title=_("Просьбы о возврате"),
            url=reverse("payments_requests"),
            icon="mail",
            waiting=requests_new().count(),
        )
    if user.has_perm(CLOSE):
        yield Action(
            title=_("Сверка платежей"),
            url=reverse("payments_reconciliation"),
            icon="tasks",
            waiting=Difference.objects.filter(closed_at=None).count(),
        )
