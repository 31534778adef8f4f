"""What a guest who names an account is shown of its balance."""

from dataclasses import dataclass
from decimal import Decimal

from cabinet.billing.selectors.balance import Balance, ServiceDue


@dataclass(frozen=True)
class GuestDue:
    """What guests see of what an account owes, ₽: all of it, and nothing besides.

    A page for guests shows no other sum: whatever is here proves nothing when an account is linked
    (`cabinet.billing.proofs`).
    """

    principal: Decimal
    penalty: Decimal
    total: Decimal
    services: list[ServiceDue]

    @property
    def sums(self) -> frozenset[Decimal]:
        """Return the sums that can be read from the page, and those of each kind of bill; positive."""
        by_kind: dict[str, Decimal] = {}
        for due in self.services:
            by_kind[due.bill_kind] = by_kind.get(due.bill_kind, Decimal()) + due.total
        parts = [sum_ for due in self.services for sum_ in (due.principal, due.penalty, due.total)]
        return frozenset(
            map(abs, [self.principal, self.penalty, self.total, *parts, *by_kind.values()])
        )


def guest_due(balance: Balance) -> GuestDue:
    return GuestDue(
        principal=balance.principal,
        penalty=balance.penalty,
        total=balance.total,
        services=balance.services,
    )
