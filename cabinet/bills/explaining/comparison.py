"""Why a bill is much higher than that of the same month a year ago: only what the data say."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cabinet.billing.selectors.lines import ZERO
from cabinet.bills.documents import BillDocument, BillLine
from cabinet.bills.explaining.lines import measured, price, volume_and_tariff
from cabinet.meters.history.consumption import cost
from portal.formats.dates import long_day
from portal.formats.numbers import rubles
from portal.formats.words import days

# Half again as high.
_MUCH = Decimal("1.5")
# Readings are not taken on the same day each month.
_LONGER_BY_DAYS = 10


@dataclass(frozen=True)
class Change:
    """What has changed since, and by how many ₽ it changes the sum."""

    label: str
    amount: Decimal


@dataclass(frozen=True)
class Comparison:
    """`changes` add up to the difference, what adds most first; `notes` have figures without ₽.

    `is_of_charges`: of what was accrued for the month and not of the sum to pay.
    """

    month: datetime.date
    now: Decimal
    then: Decimal
    is_of_charges: bool
    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        return self.now - self.then


def comparison_of(now: BillDocument, then: BillDocument | None) -> Comparison | None:
    """Compare with the bill of the same kind a year ago; None where this one is not much higher.

    The sums to pay, else what was accrued for the month.
    """
    if then is None:
        return None
    changes = [*_charges(now, then), *_carried(now, then)]
    if _is_much_higher(now.total, then.total):
        return _comparison(now.total, then.total, then, changes, now, is_of_charges=False)
    sums = now.totals.accrued, then.totals.accrued
    if _is_much_higher(*sums):
        changes = list(_charges(now, then))
        return _comparison(*sums, then, changes, now, is_of_charges=True)
    return None


def _comparison(
    now: Decimal,
    then: Decimal,
    earlier: BillDocument,
    changes: list[Change],
    later: BillDocument,
    *,
    is_of_charges: bool,
) -> Comparison:
    return Comparison(
        month=earlier.month,
        now=now,
        then=then,
        is_of_charges=is_of_charges,
        changes=tuple(sorted((one for one in changes if one.amount), key=lambda one: -one.amount)),
        notes=tuple(_notes(later, earlier)),
    )


def _is_much_higher(now: Decimal, then: Decimal) -> bool:
    return then > 0 and now > then * _MUCH


def _charges(now: BillDocument, then: BillDocument) -> Iterator[Change]:
    """Yield the changes of what was accrued, line by line; an only service is not named."""
    later, earlier = _by_line(now), _by_line(then)
    both = {**earlier, **later}
    is_only = sum(not is_penalty for _code, is_penalty in both) == 1
    for key, line in both.items():
        name = "" if is_only else line.service_name
        if line.is_penalty:
            name = _("%(service)s, пени") % {"service": name} if name else _("Пени")
        yield from _of_line(name, later.get(key), earlier.get(key))


def _by_line(document: BillDocument) -> dict[tuple[str, bool], BillLine]:
    return {(one.service_code, one.is_penalty): one for one in document.lines}


def _of_line(name: str, now: BillLine | None, then: BillLine | None) -> Iterator[Change]:
    later = now.sums.accrued if now else ZERO
    earlier = then.sums.accrued if then else ZERO
    priced_now, priced_then = now and volume_and_tariff(now), then and volume_and_tariff(then)
    if now and then and now.unit == then.unit and priced_now and priced_then:
        yield from _volume_and_tariff(name, now.unit, priced_now, priced_then)
        return
    if not earlier:
        text = _("начислено %(now)s, а год назад не начисляли")
    elif not later:
        text = _("не начислено, а год назад — %(then)s")
    else:
        text = _("начислено %(now)s вместо %(then)s, по расчёту компании")
    sums = {"now": rubles(later), "then": rubles(earlier)}
    yield Change(_named(name, text % sums), later - earlier)


def _volume_and_tariff(
    name: str, unit: str, now: tuple[Decimal, Decimal], then: tuple[Decimal, Decimal]
) -> Iterator[Change]:
    """Yield the volume's share at the former tariff, then what the new tariff adds to it."""
    between = cost(now[0], then[1])
    text = _("объём %(now)s вместо %(then)s")
    volumes = {"now": measured(now[0], unit), "then": measured(then[0], unit)}
    yield Change(_named(name, text % volumes), between - cost(*then))
    text = _("тариф %(now)s вместо %(then)s")
    prices = {"now": price(now[1], unit), "then": price(then[1], unit)}
    yield Change(_named(name, text % prices), cost(*now) - between)


def _named(name: str, text: str) -> str:
    """Put the service before the words; without one they begin the line."""
    return f"{name}: {text}" if name else text[:1].upper() + text[1:]


def _carried(now: BillDocument, then: BillDocument) -> Iterator[Change]:
    """Yield the changes of what stands in the sum besides what was accrued."""
    pairs = (
        (
            _("Перерасчёт"),
            now.totals.recalculated_in_all,
            then.totals.recalculated_in_all,
        ),
        (
            _("Корректировки и списания"),
            now.totals.corrected_in_all + now.restated,
            then.totals.corrected_in_all + then.restated,
        ),
        (
            _("Остаток с прошлых месяцев"),
            now.totals.opening_balance - now.totals.paid,
            then.totals.opening_balance - then.totals.paid,
        ),
    )
    for label, later, earlier in pairs:
        text = _("%(now)s вместо %(then)s")
        if not earlier:
            text = _("%(now)s, а год назад такого не было")
        elif not later:
            text = _("нет, а год назад %(then)s")
        sums = text % {"now": rubles(later), "then": rubles(earlier)}
        yield Change(f"{label}: {sums}", later - earlier)


def _notes(now: BillDocument, then: BillDocument) -> Iterator[str]:
    """Yield why more was used, as far as readings tell."""
    earlier = _by_line(then)
    for key, line in _by_line(now).items():
        if line.meter is None:
            continue
        before = earlier[key].meter if key in earlier else None
        period = (line.meter.later_on - line.meter.earlier_on).days
        if before is not None:
            former = (before.later_on - before.earlier_on).days
            if period >= former + _LONGER_BY_DAYS:
                text = _(
                    "Между показаниями прошло больше времени: %(now)s, а год назад — %(then)s."
                )
                yield text % {"now": days(period), "then": days(former)}
        if line.meter.is_calculated:
            text = _("Показание на %(day)s рассчитала компания: со счётчика его не снимали.")
            yield text % {"day": long_day(line.meter.later_on)}
