"""Our ledger beside billing's payments: a portal payment comes back in `payments.csv` under its own id."""

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from cabinet.billing.models import BillingPayment
from cabinet.payments.models import Difference, LedgerEntry, Payment
from cabinet.payments.reconciliation.findings import OF_BILLING, UUID, Found, Kind
from cabinet.payments.refunds.sums import left_of

# What is older was compared by earlier nights, and is looked at again while its difference is open.
LOOKS_BACK = datetime.timedelta(days=100)
_PART = 500


def billing_compare(days: int) -> list[Found]:
    """Compare what billing has with what is left of our payments; `days`: how long billing may take."""
    now = timezone.now()
    wanted = Payment.objects.filter(state=Payment.State.SUCCEEDED).filter(
        Q(paid_at__gte=now - LOOKS_BACK) | Q(pk__in=_open().values("payment_id"))
    )
    found: list[Found] = []
    numbers = list(wanted.order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(numbers), _PART):
        found += _ours(numbers[begin : begin + _PART], now - datetime.timedelta(days=days))
    return found + list(_only_theirs(now))


def _open() -> QuerySet[Difference]:
    return Difference.objects.filter(closed_at=None, kind__in=OF_BILLING)


def _ours(numbers: list[int], until: datetime.datetime) -> Iterator[Found]:
    payments = Payment.objects.filter(pk__in=numbers).select_related("account").order_by("pk")
    left = left_of(numbers)
    changed = dict(
        LedgerEntry.objects.filter(payment_id__in=numbers)
        .order_by()
        .values_list("payment_id")
        .annotate(Max("created_at"))
    )
    rows = BillingPayment.objects.filter(
        payment_id__in=[str(one.payment_id) for one in payments]
    ).select_related("account")
    theirs = {one.payment_id: one for one in rows}
    for payment in payments:
        if payment.pk in left:
            is_late = changed[payment.pk] < until
            row = theirs.get(str(payment.payment_id))
            yield from _one(payment, left[payment.pk].credited, row, is_late=is_late)


def _one(
    payment: Payment, left: Decimal, row: BillingPayment | None, *, is_late: bool
) -> Iterator[Found]:
    about, number = f"payment:{payment.pk}", str(payment.payment_id)
    if row is None:
        if is_late and left:
            yield Found(Kind.NOT_IN_BILLING, about, payment, billing_id=number, ours=left)
        return
    # Billing may have taken the payment and not yet heard of its refund.
    if row.amount != left and (is_late or row.amount != payment.credited):
        yield Found(
            Kind.BILLING_OTHER_SUM,
            about,
            payment,
            billing_id=number,
            ours=left,
            theirs=row.amount,
        )
    if row.account_id != payment.account_id:
        yield Found(
            Kind.BILLING_OTHER_ACCOUNT,
            about,
            payment,
            billing_id=number,
            ours=left,
            theirs=row.amount,
            facts={"account_number": row.account.account_number},
        )


def _only_theirs(now: datetime.datetime) -> Iterator[Found]:
    """Report rows that say they are the portal's, and rows of payments that took no money here.

    Other sources number by UUID as well: theirs are left alone.
    """
    since = timezone.localdate(now) - LOOKS_BACK
    open_ones = _open().filter(kind=Kind.BILLING_ONLY).values_list("billing_id", flat=True)
    rows = BillingPayment.objects.filter(
        Q(paid_on__gte=since, payment_id__regex=f"^{UUID.pattern}$")
        | Q(payment_id__in=list(open_ones))
    )
    part: list[BillingPayment] = []
    for row in rows.select_related("account").iterator(chunk_size=_PART):
        part.append(row)
        if len(part) == _PART:
            yield from _unknown(part)
            part = []
    yield from _unknown(part)


def _unknown(rows: list[BillingPayment]) -> Iterator[Found]:
    known = {
        one.payment_id: one
        for one in Payment.objects.filter(
            payment_id__in=[uuid.UUID(row.payment_id) for row in rows]
        )
    }
    for row in rows:
        payment = known.get(uuid.UUID(row.payment_id))
        if payment is not None and payment.state == Payment.State.SUCCEEDED:
            continue
        if payment is None and not _says_portal(row):
            continue
        yield Found(
            Kind.BILLING_ONLY,
            f"billing:{row.payment_id}",
            payment,
            billing_id=row.payment_id,
            theirs=row.amount,
            facts={
                "account_number": row.account.account_number,
                "paid_on": row.paid_on.isoformat(),
                "source": row.source,
                "ours": payment.state if payment else "",
            },
        )


def _says_portal(row: BillingPayment) -> bool:
    words = f"{row.source} {row.kind}".lower()
    return any(word in words for word in ("портал", "portal", "личный кабинет"))
