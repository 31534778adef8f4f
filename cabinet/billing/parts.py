"""Parts of a balance that are not in billing's charges; apps above register what they know."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from cabinet.accounts.models import PersonalAccount


@dataclass(frozen=True)
class NotYetIncluded:
    """Money that the portal has taken and billing's charges do not know of yet; ₽, positive."""

    paid_on: datetime.date
    principal: Decimal
    penalty: Decimal


Payments = Callable[[PersonalAccount], list[NotYetIncluded]]

_payments: list[Payments] = []


def balance_part_register(payments: Payments) -> None:
    """`payments`: those of an account that are in no `BillingPayment` yet. The schema is entered; one
    query, because it is asked with every balance.
    """
    if payments not in _payments:
        _payments.append(payments)


def not_yet_included(account: PersonalAccount) -> list[NotYetIncluded]:
    """Oldest first."""
    found = [payment for payments in _payments for payment in payments(account)]
    return sorted(found, key=lambda payment: payment.paid_on)
