"""A line of a bill in sentences: readings, volume, tariff, and what changed the sum besides."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cabinet.bills.documents import BillLine, MeterDifference, Payer
from cabinet.bills.explaining.steps import Step
from cabinet.meters.history.consumption import cost
from portal.formats.dates import long_day
from portal.formats.numbers import NO_BREAK, grouped, rubles, rubles_unsigned


@dataclass(frozen=True)
class Readers:
    """Who reads: a delegate sees the end of a meter's number alone. `is_fund`: of capital repair."""

    masked: bool
    is_fund: bool


@dataclass(frozen=True)
class LineExplanation:
    """`steps` are empty where the line says no more than the bill's own."""

    name: str
    accrued: Decimal
    is_penalty: bool
    sentences: tuple[str, ...]
    steps: tuple[Step, ...] = ()


def volume_and_tariff(line: BillLine) -> tuple[Decimal, Decimal] | None:
    """Return volume and tariff where billing's sum is their product, rounded half up; None elsewhere."""
    if line.volume is None or line.tariff is None or line.is_penalty:
        return None
    if cost(line.volume, line.tariff) != line.sums.accrued:
        return None
    return line.volume, line.tariff


def line_sentences(
    line: BillLine, payer: Payer, norm: Decimal | None, readers: Readers
) -> tuple[str, ...]:
    """Return what explains a line of the principal. `norm`: the account's норматив, m³ a month."""
    if line.is_ended:
        return (_ended(line),)
    sentences = [*_accrued(line, payer, norm, readers), *change_sentences(line)]
    return tuple(sentences) or (_("В этом месяце ничего не начислено."),)


def _ended(line: BillLine) -> str:
    owed = line.sums.closing_balance
    if owed < 0:
        text = _("В этом месяце ничего не начислено, с прошлых месяцев осталась переплата %(sum)s.")
    else:
        text = _("В этом месяце ничего не начислено, с прошлых месяцев осталось к оплате %(sum)s.")
    return text % {"sum": rubles_unsigned(owed)}


def _accrued(line: BillLine, payer: Payer, norm: Decimal | None, readers: Readers) -> Iterator[str]:
    if line.meter and line.volume is not None:
        yield from _by_meter(line.meter, measured(line.volume, line.unit), readers)
    elif line.volume:
        yield _volume_of_company(line.volume, line.unit, norm)
    accrued = line.sums.accrued
    if not accrued:
        return
    if by_volume := volume_and_tariff(line):
        volume, tariff = by_volume
        yield _product(measured(volume, line.unit), tariff, line.unit, accrued)
    elif readers.is_fund and (by_area := _area_and_rate(line, payer.area_m2)):
        area, rate = by_area
        yield _product(measured(area, "м²"), rate, "м²", accrued)
    elif line.tariff is not None:
        text = _("Начислено %(sum)s по расчёту компании, тариф — %(price)s.")
        if readers.is_fund:
            text = _("Начислено %(sum)s по расчёту фонда, размер взноса — %(price)s.")
        yield text % {"sum": rubles(accrued), "price": price(line.tariff, line.unit)}
    else:
        yield _("Начислено %(sum)s по расчёту компании.") % {"sum": rubles(accrued)}


def _by_meter(meter: MeterDifference, volume: str, readers: Readers) -> Iterator[str]:
    number = meter.masked_number if readers.masked else meter.serial_number
    name = _("По счётчику №\u00a0%(number)s") % {"number": number} if number else _("По счётчику")
    yield _(
        "%(name)s было %(earlier)s на %(earlier_on)s, стало %(later)s на %(later_on)s: "
        "израсходовано %(volume)s."
    ) % {
        "volume": volume,
        "name": name,
        "earlier": measured(meter.earlier, "м³"),
        "earlier_on": long_day(meter.earlier_on),
        "later": measured(meter.later, "м³"),
        "later_on": long_day(meter.later_on),
    }
    if meter.rolled_over:
        yield _("Счётчик дошёл до конца и начал с нуля, поэтому новое показание меньше прежнего.")
    if meter.is_calculated:
        yield _("Показание на %(day)s рассчитала компания: со счётчика его не снимали.") % {
            "day": long_day(meter.later_on)
        }


def _volume_of_company(volume: Decimal, unit: str, norm: Decimal | None) -> str:
    shown = measured(volume, unit)
    if norm is not None and norm == volume and unit == "м³":
        text = _("Объём — %(volume)s по расчёту компании. Столько же составляет норматив за месяц.")
    else:
        text = _("Объём — %(volume)s по расчёту компании.")
    return text % {"volume": shown}


def _area_and_rate(line: BillLine, area: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """Return area and rate where a contribution is their product, rounded half up; None elsewhere."""
    if line.volume is not None or line.tariff is None or area is None:
        return None
    return (area, line.tariff) if cost(area, line.tariff) == line.sums.accrued else None


def _product(measure: str, tariff: Decimal, unit: str, accrued: Decimal) -> str:
    return _("%(measure)s × %(price)s = %(sum)s.") % {
        "measure": measure,
        "price": price(tariff, unit),
        "sum": rubles(accrued),
    }


def change_sentences(line: BillLine) -> Iterator[str]:
    """Yield what changed a line's sum besides what was accrued."""
    sums = line.sums
    if sums.recalculated:
        yield _recalculation(line)
    if sums.quality_deduction:
        yield _("За качество услуги снято %(sum)s.") % {"sum": rubles(sums.quality_deduction)}
    if sums.corrected > 0:
        yield _("Корректировка увеличила сумму на %(sum)s.") % {"sum": rubles(sums.corrected)}
    elif sums.corrected:
        yield _("Корректировка уменьшила сумму на %(sum)s.") % {"sum": rubles(-sums.corrected)}
    if sums.written_off:
        yield _("Списано %(sum)s.") % {"sum": rubles(sums.written_off)}


def _recalculation(line: BillLine) -> str:
    amount = line.sums.recalculated
    text = _("Перерасчёт увеличил сумму на %(sum)s.")
    if amount < 0:
        text = _("Перерасчёт уменьшил сумму на %(sum)s.")
    text = text % {"sum": rubles_unsigned(amount)}
    if line.sums.acts:
        text += _(" В том числе по актам %(sum)s.") % {"sum": rubles(line.sums.acts)}
    reason = line.recalculation_reason.rstrip(". ")
    if not reason:
        return text + _(" Причину компания не указала.")
    return text + _(" Причина: «%(reason)s».") % {"reason": reason}


def measured(volume: Decimal, unit: str) -> str:
    """Format a volume or an area with its unit: `1 091,4 м³`."""
    return f"{grouped(volume)}{NO_BREAK}{unit}".strip(NO_BREAK)


def price(tariff: Decimal, unit: str) -> str:
    """Format a tariff as billing has it: `9,064101 ₽ за м³`."""
    shown = f"{grouped(tariff)}{NO_BREAK}₽"
    return f"{shown} за{NO_BREAK}{unit}" if unit else shown
