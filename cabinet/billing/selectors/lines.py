"""What a line of charges is: the months of one service, kind and bill of an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge

ZERO = Decimal("0.00")
# The sums of a month, in the order in which a row adds up.
SUMS = (
    "accrued",
    "recalculated",
    "acts",
    "quality_deduction",
    "corrected",
    "written_off",
    "paid",
)

LineKey = tuple[str, str, str]


def line_of(charge: Charge) -> LineKey:
    return charge.service_code, charge.kind, charge.bill_kind


def newest_charges(account: PersonalAccount) -> list[Charge]:
    """Return the newest month of each line, by service, principal before penalty. One query.

    All orders are backward, as the index can be read.
    """
    newest = (
        Charge.objects.filter(account=account)
        .order_by("-service_code", "-kind", "-bill_kind", "-period")
        .distinct("service_code", "kind", "bill_kind")
    )
    return sorted(newest, key=charge_order)


def charge_order(charge: Charge) -> tuple[str, str, str]:
    return charge.service_name, charge.bill_kind, "" if charge.kind == "principal" else charge.kind


def volumes_of(charges: Iterable[Charge]) -> dict[str, Decimal]:
    """Return the volumes by unit, over the services that are measured in it."""
    found: dict[str, Decimal] = {}
    for charge in charges:
        if charge.volume is not None:
            found[charge.unit] = found.get(charge.unit, ZERO) + charge.volume
    return found


def reasons_of(charges: Iterable[Charge]) -> list[str]:
    """Return the reasons of recalculations, each once."""
    return list(dict.fromkeys(filter(None, (one.recalculation_reason for one in charges))))


@dataclass(frozen=True)
class Sums:
    """₽ of one month or several, of one line or several; they add up as a row of charges does."""

    opening_balance: Decimal = ZERO
    accrued: Decimal = ZERO
    recalculated: Decimal = ZERO
    acts: Decimal = ZERO
    quality_deduction: Decimal = ZERO
    corrected: Decimal = ZERO
    written_off: Decimal = ZERO
    paid: Decimal = ZERO
    closing_balance: Decimal = ZERO

    @property
    def actually_accrued(self) -> Decimal:
        """Return «Факт. начисл.» of a statement."""
        return self.accrued + self.recalculated - self.quality_deduction

    @property
    def recalculated_in_all(self) -> Decimal:
        """Return «Перерасчёт» as the cabinet has it: less what was taken off for quality."""
        return self.recalculated - self.quality_deduction

    @property
    def corrected_in_all(self) -> Decimal:
        """Return «Корректировки и списания»."""
        return self.corrected - self.written_off

    @property
    def adds_up(self) -> bool:
        return self.closing_balance == (
            self.opening_balance
            + self.actually_accrued
            + self.corrected
            - self.written_off
            - self.paid
        )


def sums_of(charge: Charge) -> Sums:
    return Sums(
        opening_balance=charge.opening_balance,
        closing_balance=charge.closing_balance,
        **{name: getattr(charge, name) for name in SUMS},
    )


def side_by_side(parts: Iterable[Sums]) -> Sums:
    """Add several lines of the same months."""
    names = ("opening_balance", *SUMS, "closing_balance")
    listed = list(parts)
    return Sums(**{name: sum((getattr(one, name) for one in listed), ZERO) for name in names})


def one_after_another(months: Iterable[Sums]) -> Sums:
    """Return the totals over months, oldest first: first opening, last closing, sums between."""
    listed = list(months)
    if not listed:
        return Sums()
    between = {name: sum((getattr(one, name) for one in listed), ZERO) for name in SUMS}
    return Sums(
        opening_balance=listed[0].opening_balance,
        closing_balance=listed[-1].closing_balance,
        **between,
    )
