"""The reconciliation of a night: begun by beat or a cashier, done by a worker, its differences closed."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from cabinet.payments.base import GatewayError
from cabinet.payments.models import Difference, LedgerEntry, Payment, Reconciliation, Shop
from cabinet.payments.reconciliation.billing import billing_compare
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.reconciliation.findings import (
    OF_BILLING,
    OF_PROVIDER,
    Found,
    findings_save,
)
from cabinet.payments.reconciliation.provider import provider_compare
from cabinet.payments.registry import NoShop, gateway_of_company, shop_of_company
from portal.audit.services import audit_write
from portal.jobs import JobFailed, job_enqueue, job_finish, job_restart, job_run
from portal.staff.models import StaffUser

# Of the company's own time: yesterday is over, and the provider's list is whole.
FROM_HOUR = 3
# So many days are made up for after workers have stood still.
_MISSED = 7


def reconciliations_begin() -> int:
    """Ask for the reconciliation of yesterday, and of days that were missed, once it is night here.

    Return how many. A company that has never taken a payment has none.
    """
    now = timezone.localtime()
    if now.hour < FROM_HOUR or not Payment.objects.exists():
        return 0
    yesterday = now.date() - datetime.timedelta(days=1)
    last = Reconciliation.objects.order_by("-day").values_list("day", flat=True).first()
    first = max(
        last + datetime.timedelta(days=1) if last else yesterday,
        yesterday - datetime.timedelta(days=_MISSED - 1),
    )
    days = [first + datetime.timedelta(days=n) for n in range((yesterday - first).days + 1)]
    return sum(_begin(day) for day in days)


@transaction.atomic
def _begin(day: datetime.date) -> bool:
    run, is_new = Reconciliation.objects.get_or_create(day=day)
    if is_new:
        job_enqueue(run)
    return is_new


@transaction.atomic
def reconciliation_again(*, day: datetime.date, actor: StaffUser) -> Reconciliation:
    """Ask for the reconciliation of a day, again if it was done."""
    run, _is_new = Reconciliation.objects.get_or_create(day=day)
    job_restart(run)
    audit_write(actor=actor, action="reconciliation.start", subject=day)
    return run


def reconciliation_run(pk: int) -> bool:
    """Do one day's comparison; called by the task. The network is asked outside of transactions."""
    return job_run(Reconciliation.objects.all(), pk, _run)


def _run(run: Reconciliation) -> None:
    shop = shop_of_company()
    found: list[Found] = []
    compared = [*OF_BILLING]
    try:
        found += provider_compare(gateway_of_company(for_new=False), day_of(run.day))
        compared += OF_PROVIDER
    except NoShop:
        pass  # billing is compared all the same
    except GatewayError as error:
        raise JobFailed(error.reason) from error
    default = Shop._meta.get_field("billing_days").default
    found += billing_compare(shop.billing_days if shop else default)
    with transaction.atomic():
        findings_save(run, found, compared)
        job_finish(run, done_at=timezone.now(), found=len(found), **_matched(run.day))


def _matched(day: datetime.date) -> dict[str, object]:
    """Return what moved on the day and has no open difference: payments and refunds, and their sum."""
    begin, end = day_of(day)
    moved = LedgerEntry.objects.filter(at__gte=begin, at__lt=end)
    differ = Difference.objects.filter(closed_at=None, kind__in=OF_PROVIDER, payment__isnull=False)
    good = moved.exclude(payment_id__in=differ.values("payment_id"))
    total = good.aggregate(total=Sum(F("principal") + F("penalty") + F("commission")))["total"]
    return {"matched": good.count(), "matched_sum": total or Decimal(0)}


@transaction.atomic
def difference_close(*, difference_pk: int, note: str, actor: StaffUser) -> Difference:
    """Close a difference by a cashier's word; it stays closed while nothing about it changes."""
    difference = Difference.objects.select_for_update().get(pk=difference_pk)
    if difference.closed_at is None:
        difference.closed_at = timezone.now()
        difference.closed_by, difference.note = actor.get_username(), note.strip()
        difference.save(update_fields=["closed_at", "closed_by", "note"])
        audit_write(
            actor=actor,
            action="reconciliation.close",
            subject=difference.key,
            details={"note": difference.note},
        )
    return difference
