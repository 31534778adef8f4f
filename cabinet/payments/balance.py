"""What the portal has taken and billing's charges do not know of: the reader of `PAYMENT_READERS`.

Of each payment: what is left of it after refunds, less the amount that billing has given back under its id
(docs/exchange-format.md, docs/decisions/0045). Negative where billing has not seen a refund yet. Billing may
put a payment on another account; from then on the difference is that account's.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, Exists, OuterRef, QuerySet, UUIDField, When
from django.db.models.functions import Cast
from django.utils import timezone

from cabinet.billing.models import BillingPayment
from cabinet.billing.selectors import NotYetIncluded
from cabinet.payments.base import KOPECK
from cabinet.payments.models import Payment
from portal.connection import connection

_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"

# The accounts' own payments, and those that billing has put on them; a text that is no UUID is none of ours.
_OPEN = """
WITH mine AS (
    SELECT id FROM payments_payment
    WHERE account_id = ANY(%(accounts)s) AND paid_at IS NOT NULL
    UNION
    SELECT payment.id
    FROM billing_billingpayment AS billed
    JOIN payments_payment AS payment ON payment.payment_id = CASE
        WHEN billed.payment_id ~ %(uuid)s
        THEN billed.payment_id::uuid
    END
    WHERE billed.account_id = ANY(%(accounts)s)
), kept AS (
    SELECT
        payment.id, payment.payment_id, payment.account_id, payment.principal, payment.penalty,
        sum(entry.principal) AS left_principal, sum(entry.penalty) AS left_penalty,
        min(entry.at) AS first_at, max(entry.at) AS last_at
    FROM mine
    JOIN payments_payment AS payment ON payment.id = mine.id
    JOIN payments_ledgerentry AS entry ON entry.payment_id = payment.id
    GROUP BY payment.id
)
SELECT
    coalesce(billed.account_id, kept.account_id), kept.id, kept.principal, kept.penalty,
    kept.left_principal, kept.left_penalty, billed.amount, kept.first_at, kept.last_at
FROM kept
LEFT JOIN billing_billingpayment AS billed ON billed.payment_id = kept.payment_id::text
WHERE kept.left_principal + kept.left_penalty <> coalesce(billed.amount, 0)
    AND coalesce(billed.account_id, kept.account_id) = ANY(%(accounts)s)
ORDER BY kept.first_at, kept.id
"""


@dataclass(frozen=True)
class _Difference:
    """A payment of which billing knows another sum than the portal's ledger, ₽; `billed`: None of nothing."""

    account: int
    number: int
    principal: Decimal
    penalty: Decimal
    left_principal: Decimal
    left_penalty: Decimal
    billed: Decimal | None
    first_at: datetime.datetime
    last_at: datetime.datetime

    @property
    def not_yet_included(self) -> NotYetIncluded:
        principal, penalty = self._parts()
        moment = self.first_at if principal + penalty > 0 else self.last_at
        return NotYetIncluded(timezone.localdate(moment), principal, penalty, self.number)

    def _parts(self) -> tuple[Decimal, Decimal]:
        """Return the principal and the penalty of the difference.

        Billing says one sum for both. Where it has none of the payment, what is left is as it was paid; where
        it has all of it, the refunds say what they took. Else billing knows a part, and the difference is
        parted as what is left, or as what was paid where nothing is.
        """
        if not self.billed:
            return self.left_principal, self.left_penalty
        if self.billed == self.principal + self.penalty:
            return self.left_principal - self.principal, self.left_penalty - self.penalty
        left = self.left_principal + self.left_penalty
        difference = left - self.billed
        whole, part = (
            (left, self.left_penalty) if left else (self.principal + self.penalty, self.penalty)
        )
        penalty = (difference * part / whole).quantize(KOPECK, ROUND_HALF_UP)
        return difference - penalty, penalty


def payments_not_included(accounts: Collection[int]) -> dict[int, list[NotYetIncluded]]:
    """Return what billing has not included yet, by account, oldest first. One query for all accounts."""
    if not accounts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"accounts": list(accounts), "uuid": _UUID})
        rows = [_Difference(*row) for row in cursor.fetchall()]
    found: dict[int, list[NotYetIncluded]] = {}
    for row in rows:
        found.setdefault(row.account, []).append(row.not_yet_included)
    return found


def payments_made_elsewhere(payments: QuerySet[BillingPayment]) -> QuerySet[BillingPayment]:
    """Take away billing's payments that were made through the portal."""
    uuid = Case(When(payment_id__regex=_UUID, then=Cast("payment_id", UUIDField())))
    ours = Payment.objects.filter(payment_id=OuterRef("portals_id"))
    return payments.alias(portals_id=uuid).exclude(Exists(ours))
