"""Which autopays have their day today or tomorrow: looked at every hour of the company's day."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cabinet.billing.as_of import charges_as_of
from cabinet.billing.selectors.bills import accounts_bills
from cabinet.payments.autopay.dates import ONE_DAY, may_work_now, next_due
from cabinet.payments.autopay.notices import notify_missed
from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.runs import autopay_works_here
from cabinet.payments.autopay.stopping import autopays_stop
from cabinet.payments.models import AutoPayment, AutoPaymentRun, Payment
from portal.jobs import job_enqueue, rows_work_off

Outcome, State = AutoPaymentRun.Outcome, AutoPayment.State
BATCH = 200


def autopays_plan() -> None:
    """Prepare the days that have come near. Skipped in the night, and while the company is suspended.

    A day that went by meanwhile is not made up for: its person hears of it. May run twice at once.
    """
    if not autopay_works_here() or not may_work_now():
        return
    going = AutoPayment.objects.filter(state=State.ON)
    closed = AutoPayment.objects.exclude(state=State.OFF).filter(account__closed_on__isnull=False)
    begun = Payment.objects.filter(form_key=OuterRef("pk"))
    lost = AutoPayment.objects.filter(~Exists(begun), state=State.STARTING)
    with transaction.atomic():
        autopays_stop(closed, reason=Off.CLOSED)
        # Whoever connected them died before the payment of 1 ₽ was written.
        autopays_stop(lost.filter(created_at__lt=timezone.now() - ONE_DAY), reason=Off.CANCELED)
    tomorrow = timezone.localdate() + ONE_DAY
    rows_work_off(going.filter(next_due_on__lte=tomorrow).order_by("pk"), _plan_days, batch=BATCH)
    _look_for_bills()
    failed = AutoPaymentRun.objects.filter(reason="error").select_related("autopayment__account")
    rows_work_off(failed, _report_errors, batch=BATCH)


def _plan_days(autopays: list[AutoPayment]) -> None:
    yesterday = timezone.localdate() - ONE_DAY
    runs = []
    for one in autopays:
        if one.next_due_on is None or one.day is None:
            continue
        runs.append(
            AutoPaymentRun(autopayment=one, account_id=one.account_id, due_on=one.next_due_on)
        )
        one.next_due_on = next_due(one.day, max(one.next_due_on, yesterday))
    AutoPayment.objects.bulk_update(autopays, ["next_due_on"])
    _create(runs)


def _look_for_bills() -> None:
    """Prepare tomorrow for the autopays whose account has a newer bill than the last one that was seen."""
    as_of = charges_as_of()
    if as_of is None:
        return
    waiting = AutoPayment.objects.filter(state=State.ON, day=None)
    unseen = waiting.exclude(looked_at__gte=as_of).order_by("pk")

    def work(autopays: list[AutoPayment]) -> None:
        month = timezone.localdate(as_of).replace(day=1)
        billed = accounts_bills([one.account_id for one in autopays], month, as_of)
        tomorrow = timezone.localdate() + ONE_DAY
        runs = []
        for one in autopays:
            is_first, one.looked_at = one.looked_at is None, as_of
            if one.account_id in billed and one.billed_month != month:
                one.billed_month = month
                if not is_first:  # the bill that there was at the connecting is paid by the person
                    run = AutoPaymentRun(
                        autopayment=one, account_id=one.account_id, due_on=tomorrow
                    )
                    runs.append(run)
        AutoPayment.objects.bulk_update(autopays, ["looked_at", "billed_month"])
        _create(runs)

    rows_work_off(unseen, work, batch=BATCH)


def _create(runs: Iterable[AutoPaymentRun]) -> None:
    """Write the days that are not there yet, and enqueue them."""
    made = list(runs)
    AutoPaymentRun.objects.bulk_create(made, ignore_conflicts=True)
    autopays = {run.autopayment_id for run in made}
    for run in AutoPaymentRun.objects.filter(
        autopayment__in=autopays, attempts=0, due_at__lte=timezone.now()
    ):
        job_enqueue(run)


def _report_errors(runs: list[AutoPaymentRun]) -> None:
    for run in runs:
        notify_missed(run)
        run.reason = "error_notified"
    AutoPaymentRun.objects.bulk_update(runs, ["reason"])
