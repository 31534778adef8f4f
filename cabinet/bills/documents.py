"""What a bill says: everything that its pages and its PDF print, read by a fixed number of queries.

The bill of May is issued in May, with what was owed when May opened; it explains that sum by the rows of
April (docs/exchange-format.md).
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from cabinet.accounts.typed import full_name, masked_name
from cabinet.billing.selectors.lines import ZERO, Sums
from cabinet.meters.serial_numbers import visible_end
from portal.formats.dates import month_after


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
    last_name: str
    first_name: str
    patronymic: str
    address: str
    area_m2: Decimal | None
    living: int | None
    registered: int | None

    @property
    def name(self) -> str:
        """Return surname, first name, patronymic."""
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def masked_name(self) -> str:
        """Return «Нина Егоровна К.»."""
        return masked_name(self.last_name, self.first_name, self.patronymic)


@dataclass(frozen=True)
class MeterDifference:
    """The two readings of the only meter that explain a line's volume; m³, as on the dial.

    `rolled_over`: the dial began anew between them. `is_calculated`: no dial has shown the later one, billing
    has calculated it.
    """

    serial_number: str
    earlier: Decimal
    earlier_on: datetime.date
    later: Decimal
    later_on: datetime.date
    rolled_over: bool = False
    is_calculated: bool = False

    @property
    def masked_number(self) -> str:
        """Return what delegates see of the number, and those to whom a copy is shown; may be empty."""
        end = visible_end(self.serial_number)
        return f"…{end}" if end else ""


@dataclass(frozen=True)
class BillLine:
    """A row of the explained month: a service's principal or its penalty; ₽.

    `is_ended`: the service has no row of that month; it stands with what is still owed of it.
    """

    service_code: str
    service_name: str
    is_penalty: bool
    tariff: Decimal | None
    unit: str
    volume: Decimal | None
    sums: Sums
    recalculation_reason: str = ""
    meter: MeterDifference | None = None  # None: «по расчёту компании»
    is_ended: bool = False


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
    month before, which explain it; `restated`: what billing has changed between its closing and the opening
    of `month`, so that the closing of `totals` and it are the sum. `payments`: of the month before;
    `payments_since`: of `month` itself, by billing; of the last month that has bills those that its charges
    include, and the portal's own, which billing does not know of yet. Payments name no service: where the
    account has several bills in the month (`bills_in_month`), they stand apart, «по всем квитанциям счёта»,
    and nothing is subtracted. `is_newest`: no later bill of this kind exists; only such a one is to be paid,
    so others have no payment code. `as_of`: of billing's charges.
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
    bills_in_month: int = 1
    restated: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def explained_month(self) -> datetime.date:
        return month_after(self.month, -1)

    @property
    def payments_are_shared(self) -> bool:
        """Return whether the payments are of several bills, and stand apart from the sum."""
        return self.bills_in_month > 1

    @property
    def paid_since(self) -> Decimal:
        """Return what is subtracted from the sum, ₽; nothing where payments may be of another bill."""
        if self.payments_are_shared:
            return ZERO
        return sum((one.amount for one in self.payments_since), ZERO)

    @property
    def left(self) -> Decimal:
        """Return what is left to pay of the sum, ₽; an overpayment negative."""
        return self.total - self.paid_since

    @property
    def asked(self) -> Decimal:
        """Return the sum in large figures: what is left of the newest bill, the whole sum of an old one."""
        return self.left if self.is_newest else self.total
