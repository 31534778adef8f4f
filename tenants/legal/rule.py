"""What may be recorded of one rule: its type, unit and range, whose it is, and where it shows."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.formats.dates import long_day
from portal.formats.numbers import grouped

LegalValue = Decimal | datetime.date | str

_FIELDS: dict[type, str] = {Decimal: "number", datetime.date: "day", str: "text"}

# Units whose word depends on the number.
DAYS, MONTHS, WORKING_DAYS = "days", "months", "working_days"
# Kinds of companies, as in `GasCompany.Kind`.
GAS, REPAIR = "gas", "capital_repair"
EVERYONE = frozenset({GAS, REPAIR})

# A year typed with a digit too few or too many is none that a rule could begin in.
FIRST_DAY = datetime.date(1991, 1, 1)
YEARS_AHEAD = 10


class Subject(models.TextChoices):
    PAYING = "paying", gettext_lazy("Оплата и\u00a0пени")
    READINGS = "readings", gettext_lazy("Показания и\u00a0поверка")
    REPAIR = "repair", gettext_lazy("Капитальный ремонт")
    PEOPLE = "people", gettext_lazy("Личный кабинет и\u00a0персональные данные")
    CONNECTION = "connection", gettext_lazy("Присоединение к\u00a0газовым сетям")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What may be recorded under a code. `unit` is shown beside the number, an ending right after it.

    Numbers lie between `low` and `high` and have at most `places` decimals; texts are one of `choices`.
    `shows`: the pages that change with it, a sentence. `may_end`: it can be abolished, no page breaks.
    `kinds`: of the companies whom it touches; `own_kinds`: of those that may have their own. `trusted_days`:
    how long after its first day a record may be relied on without a newer one.
    """

    label: str
    subject: Subject
    shows: str
    unit: str = ""
    kind: type[Decimal] | type[datetime.date] | type[str] = Decimal
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    places: int = 0
    choices: tuple[str, ...] = ()
    may_end: bool = False
    kinds: Collection[str] = EVERYONE
    own_kinds: Collection[str] = frozenset()
    trusted_days: int | None = None

    @property
    def field(self) -> str:
        return _FIELDS[self.kind]

    @property
    def range_said(self) -> str:
        """Return what may be typed, as it stands after «Введите»."""
        if self.kind is not Decimal:
            return ""
        ends = {"low": grouped(self.low), "high": grouped(self.high)}
        if not self.places:
            return _("целое число от\u00a0%(low)s до\u00a0%(high)s") % ends
        decimals = ngettext(
            "не больше %(n)s знака после запятой",
            "не больше %(n)s знаков после запятой",
            self.places,
        ) % {"n": self.places}
        return _("число от\u00a0%(low)s до\u00a0%(high)s") % ends + ", " + decimals

    @property
    def unit_said(self) -> str:
        """Return the unit as it stands beside a field for the number."""
        words = {DAYS: _("дней"), MONTHS: _("месяцев"), WORKING_DAYS: _("рабочих дней")}
        return words.get(self.unit, self.unit)

    def check(self, value: LegalValue) -> None:
        """Raise ValidationError for a value of another type, out of the range or not among the choices."""
        if not isinstance(value, self.kind):
            raise ValidationError(_("Это правило хранит значение другого вида."))
        if isinstance(value, Decimal):
            self._check_number(value)
        elif isinstance(value, datetime.date):
            check_day(value)
        elif value not in self.choices:
            raise ValidationError(_("Выберите одно из предложенных значений."))

    def _check_number(self, value: Decimal) -> None:
        in_range = value.is_finite() and self.low <= value <= self.high
        if not in_range or value != round(value, self.places):
            raise ValidationError(_("Введите %s.") % self.range_said)

    def said(self, value: LegalValue) -> str:
        """Return a value with its unit, as people write it."""
        if not isinstance(value, Decimal):
            return long_day(value) if isinstance(value, datetime.date) else value
        number = grouped(value)
        match self.unit:
            case "days":
                words = ngettext("%(n)s день", "%(n)s дней", int(value))
            case "working_days":
                words = ngettext("%(n)s рабочий день", "%(n)s рабочих дней", int(value))
            case "months":
                words = ngettext("%(n)s месяц", "%(n)s месяцев", int(value))
            case unit:
                return f"{number}{unit}" if unit.startswith("-") else f"{number} {unit}".strip()
        return words % {"n": number}


def check_day(day: datetime.date) -> None:
    """Raise ValidationError for a day that is no first day of a rule, but a slip of the finger."""
    last = datetime.date(timezone.localdate().year + YEARS_AHEAD, 12, 31)
    if not FIRST_DAY <= day <= last:
        first_year, last_year = FIRST_DAY.year, last.year
        raise ValidationError(
            _("Проверьте год: портал принимает с\u00a0%(first)s по\u00a0%(last)s.")
            % {"first": first_year, "last": last_year}
        )
