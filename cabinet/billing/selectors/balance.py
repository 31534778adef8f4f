"""What an account owes, by the rule of docs/exchange-format.md."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.as_of import charges_as_of
from cabinet.billing.models import Charge
from cabinet.billing.selectors.lines import ZERO, newest_charges


@dataclass(frozen=True)
class NotYetIncluded:
    """Money that the portal has taken and billing's charges do not know of yet; ₽.

    Negative: a refund that they do not know of. `number` of the portal's payment.
    """

    paid_on: datetime.date
    principal: Decimal
    penalty: Decimal
    number: int | None = None

    @property
    def amount(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def source(self) -> str:
        """Return where it comes from, as billing names the source of its payments."""
        return _("Личный кабинет") if self.amount > 0 else _("Возврат платежа")


@dataclass(frozen=True)
class ServiceDue:
    """₽ that billing's charges say of one service in one kind of bill."""

    service_code: str
    service_name: str
    bill_kind: str
    principal: Decimal
    penalty: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty


@dataclass(frozen=True)
class Balance:
    """What an account owes: ₽, a debt positive, an overpayment negative.

    `newest`: the newest month of each service, kind and bill. `as_of`: of the last package that had
    charges, None where there was none. `paid_since`: the portal's payments that are not in it.
    """

    account_id: int
    newest: list[Charge]
    paid_since: list[NotYetIncluded]
    as_of: datetime.datetime | None

    @property
    def principal(self) -> Decimal:
        return self._closing(Charge.Kind.PRINCIPAL) - self.principal_paid_since

    @property
    def penalty(self) -> Decimal:
        return self._closing(Charge.Kind.PENALTY) - self.penalty_paid_since

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def to_pay(self) -> Decimal:
        """Return «Сумма к оплате»: an overpayment leaves nothing to pay."""
        return max(self.total, ZERO)

    @property
    def overpaid(self) -> Decimal:
        return max(-self.total, ZERO)

    @property
    def principal_paid_since(self) -> Decimal:
        return sum((payment.principal for payment in self.paid_since), ZERO)

    @property
    def penalty_paid_since(self) -> Decimal:
        return sum((payment.penalty for payment in self.paid_since), ZERO)

    @property
    def total_paid_since(self) -> Decimal:
        return self.principal_paid_since + self.penalty_paid_since

    @cached_property
    def period(self) -> datetime.date | None:
        """Return the newest month that any service has; its first day."""
        return max((charge.period for charge in self.newest), default=None)

    @cached_property
    def services(self) -> list[ServiceDue]:
        """Return the dues by service, without the portal's payments, which name no service."""
        by_service: dict[tuple[str, str], list[Charge]] = {}
        for charge in self.newest:
            by_service.setdefault((charge.service_code, charge.bill_kind), []).append(charge)
        return [
            ServiceDue(
                service_code=code,
                service_name=charges[0].service_name,
                bill_kind=bill_kind,
                principal=_closing(charges, Charge.Kind.PRINCIPAL),
                penalty=_closing(charges, Charge.Kind.PENALTY),
            )
            for (code, bill_kind), charges in by_service.items()
        ]

    def _closing(self, kind: str) -> Decimal:
        return _closing(self.newest, kind)


# Of accounts by their keys: what is not yet included, by account, oldest first.
Payments = Callable[[Collection[int]], dict[int, list[NotYetIncluded]]]
PAYMENT_READERS: list[Payments] = []


def balance_part_register(payments: Payments) -> None:
    """Add a reader of accounts' payments that are in no `BillingPayment` yet.

    An app above billing registers it. It runs in the company's schema with every balance: one query, however
    many accounts.
    """
    if payments not in PAYMENT_READERS:
        PAYMENT_READERS.append(payments)


def account_balance(account: PersonalAccount) -> Balance:
    """Return the balance: newest closing balances less payments that billing has not yet included.

    The newest period is that of each service, kind and bill kind. Two queries, and one for each reader of
    payments.
    """
    with billing_snapshot():
        return Balance(
            account_id=account.pk,
            newest=newest_charges(account),
            paid_since=payments_not_yet_included([account.pk]).get(account.pk, []),
            as_of=charges_as_of(),
        )


def payments_not_yet_included(accounts: Collection[int]) -> dict[int, list[NotYetIncluded]]:
    """Return what the portal has taken and billing does not know of, by account, oldest first.

    A query a reader, however many accounts; an account that has none has no key.
    """
    found: dict[int, list[NotYetIncluded]] = {}
    for read in PAYMENT_READERS:
        for account, payments in read(accounts).items():
            found.setdefault(account, []).extend(payments)
    for payments in found.values():
        payments.sort(key=lambda payment: payment.paid_on)
    return found


def _closing(charges: list[Charge], kind: str) -> Decimal:
    return sum((charge.closing_balance for charge in charges if charge.kind == kind), ZERO)
