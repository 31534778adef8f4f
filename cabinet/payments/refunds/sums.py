"""What is left of payments after refunds, by the ledger, and what may still be given back. ₽."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from cabinet.payments.models import LedgerEntry, Payment, Refund, Shop

# Money of these may still leave, or has left.
LIVE = (
    Refund.State.WAITING,
    Refund.State.CREATED,
    Refund.State.PENDING,
    Refund.State.UNKNOWN,
    Refund.State.SUCCEEDED,
)
OPEN = (Refund.State.CREATED, Refund.State.PENDING, Refund.State.UNKNOWN)


@dataclass(frozen=True)
class Sums:
    """The parts of a sum, ₽. `commission` is the portal's own, taken with the payment."""

    principal: Decimal = Decimal("0.00")
    penalty: Decimal = Decimal("0.00")
    commission: Decimal = Decimal("0.00")

    @property
    def credited(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty + self.commission

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(
            self.principal - other.principal,
            self.penalty - other.penalty,
            self.commission - other.commission,
        )


def taken_of(payment: Payment) -> Sums:
    """Return what the provider was asked for: a commission that the bank takes is no part of it."""
    is_ours = payment.commission_collector == Shop.Collector.PORTAL
    commission = payment.commission if is_ours else Decimal("0.00")
    return Sums(payment.principal, payment.penalty, commission)


def refundable_of(payment: Payment) -> Sums:
    """Return what a new refund may take: less every refund that has been made or may yet be. One query."""
    return taken_of(payment) - _summed(payment.refunds.filter(state__in=LIVE))


def left_of(payment_ids: Collection[int]) -> dict[int, Sums]:
    """Return what the ledger has left of each payment; nothing for one without an entry. One query."""
    rows = LedgerEntry.objects.filter(payment_id__in=payment_ids).order_by().values("payment_id")
    summed = rows.annotate(a=Sum("principal"), b=Sum("penalty"), c=Sum("commission"))
    return {one["payment_id"]: Sums(one["a"], one["b"], one["c"]) for one in summed}


def _summed(refunds: QuerySet[Refund]) -> Sums:
    found = refunds.aggregate(a=Sum("principal"), b=Sum("penalty"), c=Sum("commission"))
    nothing = Decimal("0.00")
    return Sums(found["a"] or nothing, found["b"] or nothing, found["c"] or nothing)
