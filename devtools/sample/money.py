"""Charges and payments of an account by its habit of paying, in kopecks."""

import datetime
import random
from dataclasses import dataclass, field

from devtools.sample.writing import SamplePackage, rubles

# (reason, whether by an act)
Reasons = tuple[tuple[str, bool], ...]
GAS_REASONS: Reasons = (
    ("Перерасчёт по контрольному показанию", False),
    ("Временное отсутствие проживающих", False),
    ("Неисправность прибора учёта, акт проверки", True),
    ("Уточнение числа проживающих", False),
)
FUND_REASONS: Reasons = (
    ("Уточнение площади по выписке из ЕГРН", False),
    ("Зачёт ранее выполненных работ", False),
    ("Уточнение площади помещения, акт обследования", True),
    ("Изменение даты права собственности", False),
)
_SOURCES = ("Личный кабинет", "Сбербанк Онлайн", "Почта России", "Касса компании", "Госуслуги")
# Accounts that are paid in time, in advance, irregularly, hardly ever; of a thousand so many.
_HABITS = ("good", "ahead", "irregular", "debtor")
_HABIT_WEIGHTS = (700, 120, 120, 60)
_MONTH_OF_PENALTY = 950  # of a hundred thousand: 9.5 % / 300 for thirty days


def habit(chance: random.Random) -> str:
    return chance.choices(_HABITS, _HABIT_WEIGHTS)[0]


@dataclass
class Line:
    """One service in one kind of bill. `owed` is its closing balance so far."""

    code: str
    name: str
    bill_kind: str = ""
    unit: str = ""
    owed: int = 0
    penalty_owed: int | None = None
    reasons: Reasons = GAS_REASONS
    before: list[int] = field(default_factory=list)


@dataclass
class Month:
    """What a line's month costs."""

    period: datetime.date
    accrued: int
    tariff: str = ""
    volume: str = ""


class Payer:
    """Writes the charges and payments of one account, month by month."""

    def __init__(
        self, package: SamplePackage, number: str, chance: random.Random, habit: str
    ) -> None:
        self._charges = package.file("charges.csv")
        self._payments = package.file("payments.csv")
        self._number, self._chance, self._habit = number, chance, habit
        self._paid_count = 0

    def live(self, line: Line, month: Month) -> int:
        """Compute the month of a line and return what was paid in it."""
        opening, recalculated, reason, by_act = line.owed, 0, "", False
        if month.accrued and self._chance.random() < 0.03:
            reason, by_act = self._chance.choice(line.reasons)
            recalculated = -month.accrued * self._chance.randint(5, 60) // 100
            if not by_act and self._chance.random() < 0.3:
                recalculated = -recalculated
        quality = month.accrued // 20 if self._chance.random() < 0.003 else 0
        paid = self._pays(opening, month.accrued)
        line.owed = opening + month.accrued + recalculated - quality - paid
        self._write(
            line,
            month,
            "principal",
            (opening, month.accrued, recalculated, quality, paid, line.owed),
            reason=reason,
            acts=recalculated if by_act else 0,
        )
        if paid:
            self._pay(month.period, paid, "")
        return paid + self._penalty(line, month, opening - paid)

    def _pays(self, opening: int, accrued: int) -> int:
        chance, owed = self._chance.random(), max(opening, 0)
        if self._habit == "good":
            return owed if chance < 0.97 else 0
        if self._habit == "ahead":  # round sums, a few times a year
            return 0 if opening < -accrued or chance < 0.6 else (owed // 50000 + 2) * 50000
        if self._habit == "irregular":
            return owed if chance < 0.35 else 0
        return owed // 2 // 100 * 100 if chance < 0.05 else 0

    def _penalty(self, line: Line, month: Month, unpaid: int) -> int:
        """Return the penalty from the third month of a debt on.

        `unpaid` is what was owed when the month began.
        """
        line.before = [*line.before[-2:], unpaid]
        overdue = min(line.before) if len(line.before) == 3 else 0
        accrued = overdue * _MONTH_OF_PENALTY // 100_000 if overdue > 0 else 0
        if line.penalty_owed is None and not accrued:
            return 0
        owed = line.penalty_owed or 0
        paid = owed if overdue <= 0 else 0
        line.penalty_owed = owed + accrued - paid
        self._write(
            line,
            Month(month.period, accrued),
            "penalty",
            (owed, accrued, 0, 0, paid, line.penalty_owed),
        )
        if paid:
            self._pay(month.period, paid, "penalty")
        return paid

    def _write(
        self,
        line: Line,
        month: Month,
        kind: str,
        sums: tuple[int, int, int, int, int, int],
        *,
        reason: str = "",
        acts: int = 0,
    ) -> None:
        opening, accrued, recalculated, quality, paid, closing = map(rubles, sums)
        self._charges.write(
            self._number,
            f"{month.period:%Y-%m}",
            line.code,
            kind,
            line.bill_kind,
            line.name,
            month.tariff,
            opening,
            accrued,
            recalculated,
            reason,
            rubles(acts) if acts else "",
            quality,
            "",
            "",
            paid,
            closing,
            month.volume,
            line.unit if month.volume else "",
            total=sums[1],
        )

    def _pay(self, period: datetime.date, amount: int, kind: str) -> None:
        self._paid_count += 1
        day = period.replace(day=self._chance.randint(2, 28))
        self._payments.write(
            f"b-{self._number}-{self._paid_count}",
            self._number,
            day.isoformat(),
            rubles(amount),
            kind,
            self._chance.choice(_SOURCES),
            total=amount,
        )
