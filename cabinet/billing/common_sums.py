"""Sums that too many accounts have to prove anything, counted by a task after each package of money.

Until they are counted for the charges and payments that are stored, no sum is accepted at all.
"""

import datetime
from decimal import Decimal

from django.db.models import Model
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import WIDE_ENOUGH
from cabinet.billing.models import CommonSum, SumCount
from portal.connection import connection
from portal.formats.dates import month_after
from portal.jobs import job_enqueue, job_restart, job_run, jobs_sweep

FILES = frozenset({"charges.csv", "payments.csv"})
BATCH = 5000
BILLS_BACK = 2  # months before the present one, whose bills may be the newest two

# Of bills of a kind: what a month opened with, or closed with. A plain SELECT of one table, so that several
# processes may read it; a month is found in no index, because each costs the import its share.
_BILLS = """
SELECT amount, count(*)
FROM (
    SELECT account_id, abs(sum(opening_balance)) AS amount
    FROM billing_charge WHERE period >= %(since)s GROUP BY account_id, period, bill_kind
    UNION
    SELECT account_id, abs(sum(closing_balance)) AS amount
    FROM billing_charge WHERE period >= %(since)s GROUP BY account_id, period, bill_kind
) AS bill
GROUP BY amount HAVING count(*) > %(allowed)s
"""
_PAYMENTS = """
SELECT amount, count(*)
FROM (
    SELECT DISTINCT account_id, sum(amount) AS amount
    FROM billing_billingpayment WHERE paid_on > %(since)s GROUP BY account_id, paid_on, source
) AS payment
GROUP BY amount HAVING count(*) > %(allowed)s
"""


def common_sums_recount() -> None:
    """Ask for a new count, in the transaction that stores charges or payments of a package."""
    job, is_first = SumCount.objects.get_or_create(pk=1)
    job_enqueue(job) if is_first else job_restart(job)


def common_sums_count(pk: int) -> bool:
    """Count anew and replace what was counted, in one transaction; called by the task."""
    return job_run(SumCount.objects.all(), pk, _count, in_transaction=True)


def common_sums_sweep() -> None:
    jobs_sweep(SumCount.objects.all())


def common_among(proof: str, sums: set[Decimal]) -> set[Decimal]:
    """Return those of the sums that prove nothing, because others have them: all, until it is counted."""
    if not SumCount.objects.filter(due_at=None, counted_at__isnull=False).exists():
        return sums
    found = CommonSum.objects.filter(proof=proof, amount__in=sums)
    return set(found.values_list("amount", flat=True))


def _count(job: Model) -> dict[str, datetime.datetime]:
    today = timezone.localdate()
    # In a small company one other account is too many.
    allowed = max(1, PersonalAccount.objects.filter(closed_on=None).count() // WIDE_ENOUGH)
    since = {
        "bill": month_after(today.replace(day=1), -BILLS_BACK - 1),
        "payment": today - datetime.timedelta(days=366),
    }
    CommonSum.objects.all().delete()
    for proof, statement in (("bill", _BILLS), ("payment", _PAYMENTS)):
        with connection.cursor() as cursor:
            cursor.execute(statement, {"since": since[proof], "allowed": allowed})
            while rows := cursor.fetchmany(BATCH):
                CommonSum.objects.bulk_create(
                    CommonSum(proof=proof, amount=amount, accounts=accounts)
                    for amount, accounts in rows
                )
    return {"counted_at": timezone.now()}
