"""What a bill's page is made of: bills of one shape differ in the texts of their slots alone."""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.bills.documents import Payee
from cabinet.bills.pdf.look import BillLook

# Columns that every bill has, and those that stand only where a line has such a sum.
ALWAYS = ("opening_balance", "accrued", "recalculated", "paid", "closing_balance")
COLUMNS = (
    "opening_balance",
    "accrued",
    "recalculated",
    "quality_deduction",
    "corrected",
    "written_off",
    "paid",
    "closing_balance",
)
MANY_COLUMNS, MANY_PAYMENTS = 7, 8


class State(StrEnum):
    """What a bill asks for."""

    TO_PAY = "to_pay"
    SETTLED = "settled"
    OVERPAID = "overpaid"
    OLD = "old"  # a later one is to be paid


@dataclass(frozen=True)
class LineShape:
    """A line of the table: its service, and the notes below it: `rate`, `basis`, `reason`."""

    name: str
    is_penalty: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class BillShape:
    """All that moves something on the page. Compared and hashed.

    `payer`, `amount_notes`: slots that this bill has; `columns`: of `COLUMNS`.
    """

    look: BillLook
    company_name: str
    company_phone: str
    company_site: str
    notice: str
    payee: Payee | None
    masked: bool
    state: State
    payer: tuple[str, ...]
    amount_notes: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[LineShape, ...]
    has_restated: bool
    payments: int
    payments_since: int
    payments_are_shared: bool
    has_as_of: bool
    has_tear_off: bool
    has_code: bool

    @property
    def has_many_columns(self) -> bool:
        """Return whether names of services stand above the sums, beside which there is no room for them."""
        return len(self.columns) >= MANY_COLUMNS

    @property
    def has_many_payments(self) -> bool:
        """Return whether payments stand one below the other, so that a page can end between them."""
        return max(self.payments, self.payments_since) > MANY_PAYMENTS
