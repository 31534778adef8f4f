"""What the payment page offers to pay."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid5

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.selectors import ServiceDue, account_balance, guest_due
from cabinet.billing.selectors.lines import ZERO
from cabinet.payments.models import Payment
from cabinet.payments.selectors import InFlight, payments_in_flight

_TRIES = 10  # of one form; then the page has to be opened anew


@dataclass(frozen=True)
class PaymentSums:
    """What an account owes, as its payment page shows it; ₽.

    `owed_principal` and `owed_penalty` are billing's less what the portal has taken since. `in_flight` are
    payments whose outcome is open, anybody's. `are_shown`: a fund's guest names a number alone and may be
    shown nothing (`Shop.shows_sums_to_guests`). `for_guest`: the sums of holders' payments are not named,
    because a payment can prove later that an account is one's own. `own`: return keys of the payments that
    this visitor has begun.
    """

    owed_principal: Decimal = ZERO
    owed_penalty: Decimal = ZERO
    as_of: datetime.datetime | None = None
    period: datetime.date | None = None
    services: list[ServiceDue] = field(default_factory=list)
    in_flight: list[InFlight] = field(default_factory=list)
    are_shown: bool = True
    for_guest: bool = False
    own: frozenset[str] = frozenset()

    @property
    def in_flight_named(self) -> list[InFlight]:
        """Return the open payments whose sums the page names."""
        return [one for one in self.in_flight if self._is_named(one)]

    def _is_named(self, one: InFlight) -> bool:
        if not self.for_guest or one.return_key in self.own:
            return True
        return self.are_shown and one.channel == Payment.Channel.GUEST

    @property
    def is_all_named(self) -> bool:
        return len(self.in_flight_named) == len(self.in_flight)

    @property
    def in_flight_total(self) -> Decimal:
        return sum((one.amount for one in self.in_flight_named), ZERO)

    @property
    def owed(self) -> Decimal:
        """Return what is owed in all; an overpayment negative."""
        return self.owed_principal + self.owed_penalty

    @property
    def prefilled(self) -> tuple[Decimal, Decimal]:
        """Return principal and penalty that are left to pay, neither negative.

        An overpayment of the one is taken from the other, as the balance's total does.
        """
        if not self.are_shown:
            return ZERO, ZERO
        principal = self.owed_principal - sum((one.principal for one in self.in_flight_named), ZERO)
        penalty = self.owed_penalty - sum((one.penalty for one in self.in_flight_named), ZERO)
        if principal < 0:
            return ZERO, max(penalty + principal, ZERO)
        if penalty < 0:
            return max(principal + penalty, ZERO), ZERO
        return principal, penalty


def payment_sums(
    account: PersonalAccount,
    *,
    form_key: UUID | None = None,
    for_guest: bool = False,
    are_shown: bool = True,
    own: frozenset[str] = frozenset(),
) -> PaymentSums:
    """Return the sums of an account, whose company's schema is entered, in one state of billing's tables.

    `form_key`: of the form that was sent, whose own payments are not in its way.
    """
    balance = account_balance(account)
    due = guest_due(balance)
    in_flight = payments_in_flight([account.pk]).get(account.pk, [])
    keys = keys_of_form(form_key) if form_key else []
    return PaymentSums(
        owed_principal=due.principal,
        owed_penalty=due.penalty,
        as_of=balance.as_of,
        period=balance.period,
        services=due.services,
        in_flight=[one for one in in_flight if one.form_key not in keys],
        are_shown=are_shown,
        for_guest=for_guest,
        own=own,
    )


def keys_of_form(form_key: UUID) -> list[UUID]:
    """Return the keys of the payments that may come of one form, in their order.

    The next one is used when the last one has ended without money, as by «Отмена» and «Назад»: so a form
    that is sent often is one payment each time.
    """
    keys = [form_key]
    while len(keys) < _TRIES:
        keys.append(uuid5(keys[-1], "again"))
    return keys
