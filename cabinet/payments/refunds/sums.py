"""What is left of payments after refunds, by the ledger, and what may still be given back. ₽."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from cabinet.payments.models import LedgerEntry, Payment, Refund

# The provider is asked about these; those have not ended, a second cashier's word included; money of the
# last may still leave, or has left.
OPEN = (Refund.State.CREATED, Refund.State.PENDING, Refund.State.UNKNOWN)
UNENDED = (Refund.State.WAITING, *OPEN)
LIVE = (*UNENDED, Refund.State.SUCCEEDED)


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
    return Sums(payment.principal, payment.penalty, payment.commission_taken)


def refundable_of(payment: Payment) -> Sums:
    """Return what a new refund may take: less every refund that has been made or may yet be. One query."""
    return taken_of(payment) - _summed(payment.refunds.filter(state__in=LIVE))


def left_after(payment: Payment, refunds: Iterable[Refund]) -> Sums:
    """Return what is left of a payment after those of its refunds that were made."""
    left = taken_of(payment)
    for one in refunds:
        if one.state == Refund.State.SUCCEEDED:
            left -= Sums(one.principal, one.penalty, one.commission)
    return left


def left_of(payment_ids: Collection[int]) -> dict[int, Sums]:
    """Return what the ledger has left of each payment; nothing for one without an entry. One query."""
    rows = LedgerEntry.objects.filter(payment_id__in=payment_ids).order_by().values("payment_id")
    summed = rows.annotate(a=Sum("principal"), b=Sum("penalty"), c=Sum("commission"))
    return {one["payment_id"]: Sums(one["a"], one["b"], one["c"]) for one in summed}


def _summed(refunds: QuerySet[Refund]) -> Sums:
    found = refunds.aggregate(a=Sum("principal"), b=Sum("penalty"), c=Sum("commission"))
    nothing = Decimal("0.00")
    return Sums(found["a"] or nothing, found["b"] or nothing, found["c"] or nothing)
