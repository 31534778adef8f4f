"""What a bill says: everything that its pages and its PDF print, read by a fixed number of queries.

The bill of May is issued in May, with what was owed when May opened; it explains that sum by the rows of
April (docs/exchange-format.md).
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from cabinet.billing.selectors.lines import Sums


@dataclass(frozen=True)
class Payee:
    """Whom a bill is paid to: the requisites of the company, all of them known."""

    legal_name: str
    inn: str
    kpp: str
    bank_name: str
    bic: str
    correspondent_account: str
    settlement_account: str


@dataclass(frozen=True)
class Payer:
    """Whose bill it is. `masked_name` stands in a copy to show to others, which has no address."""

    account_number: str
    unified_account_number: str
    gku_id: str
    name: str  # surname, first name, patronymic
    address: str
    area_m2: Decimal | None
    living: int | None
    registered: int | None
    last_name: str
    first_name: str
    patronymic: str
    masked_name: str


@dataclass(frozen=True)
class MeterDifference:
    """The two readings of the only meter that explain a line's volume; m³, as on the dial."""

    serial_number: str
    earlier: Decimal
    earlier_on: datetime.date
    later: Decimal
    later_on: datetime.date


@dataclass(frozen=True)
class BillLine:
    """A row of the explained month: a service's principal or its penalty; ₽."""

    service_code: str
    service_name: str
    is_penalty: bool
    tariff: Decimal | None
    unit: str
    volume: Decimal | None
    sums: Sums
    recalculation_reason: str = ""
    meter: MeterDifference | None = None  # None: «по расчёту компании»


@dataclass(frozen=True)
class BillPayment:
    """A payment of the account, ₽; it names no service."""

    paid_on: datetime.date
    amount: Decimal
    source: str


@dataclass(frozen=True)
class BillDocument:
    """One bill: `number` counts those of a month, «общая» first.

    `principal`, `penalty`: what was owed when `month` opened, an overpayment negative, ₽. `lines`: of the
    month before, which explain it. `payments`: of the month before; `payments_since`: of `month` itself, by
    billing. `is_newest`: no later bill of this kind exists; only such a one is to be paid, so others have no
    payment code. `as_of`: of billing's charges.
    """

    account_id: int
    month: datetime.date
    number: int
    bill_kind: str
    payer: Payer
    payee: Payee | None
    company_name: str
    company_phone: str
    company_site: str
    lines: tuple[BillLine, ...]
    totals: Sums
    principal: Decimal
    penalty: Decimal
    payments: tuple[BillPayment, ...]
    payments_since: tuple[BillPayment, ...]
    due_on: datetime.date | None
    notice: str
    is_newest: bool
    as_of: datetime.datetime | None

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def paid_since(self) -> Decimal:
        return sum((one.amount for one in self.payments_since), Decimal("0.00"))

    @property
    def left(self) -> Decimal:
        """Return what is left to pay of the sum, ₽; an overpayment negative."""
        return self.total - self.paid_since
