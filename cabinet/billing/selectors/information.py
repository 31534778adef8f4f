"""The block «Баланс» of the information page (manual 1, 2.2.1)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from cabinet.billing.models import Charge
from cabinet.billing.selectors.balance import Balance
from cabinet.billing.selectors.lines import ZERO, reasons_of, side_by_side, sums_of


@dataclass(frozen=True)
class BalanceBlock:
    """₽ of the month `period`, over all services, from the debt to the sum due.

    debt + accrued + recalculated + penalty + other − paid − paid_since = total.
    """

    balance: Balance
    period: datetime.date
    debt: Decimal
    accrued: Decimal
    recalculated: Decimal
    penalty: Decimal
    other: Decimal
    paid: Decimal

    @property
    def paid_since(self) -> Decimal:
        return self.balance.total_paid_since

    @property
    def reasons(self) -> list[str]:
        """Return the reasons of the month's recalculations, each once."""
        return reasons_of(one for one in self.balance.newest if one.period == self.period)


def balance_block(balance: Balance) -> BalanceBlock | None:
    """Return the block of the newest month; None before any charge.

    «Долг на <период>» is what was owed when the month began, a service without a row of it included;
    «Начислено» the principal, «Начислено пени» the penalty, «Перерасчёт» of both, less what was taken off for
    quality; `other` are corrections and debts written off.
    """
    if balance.period is None:
        return None
    now = [charge for charge in balance.newest if charge.period == balance.period]
    earlier = [charge for charge in balance.newest if charge.period != balance.period]
    month = side_by_side(map(sums_of, now))
    return BalanceBlock(
        balance=balance,
        period=balance.period,
        debt=month.opening_balance + sum((charge.closing_balance for charge in earlier), ZERO),
        accrued=_accrued(now, Charge.Kind.PRINCIPAL),
        recalculated=month.recalculated_in_all,
        penalty=_accrued(now, Charge.Kind.PENALTY),
        other=month.corrected_in_all,
        paid=month.paid,
    )


def _accrued(charges: list[Charge], kind: str) -> Decimal:
    return sum((charge.accrued for charge in charges if charge.kind == kind), ZERO)
