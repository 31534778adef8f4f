"""What a page of readings says of bills to come: one forecast, which billing's charges do not contradict.

It stands above `cabinet.meters`, which knows of no charges; the page asks for it by a template tag.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge
from cabinet.meters.readings.notices import NoReading, no_reading
from cabinet.meters.snapshot import MeterSnapshot
from portal.formats.dates import month_after

CUBIC_METRES = "м³"
# Billing rounds, and counts the days of a month: within this share a volume is the norm's.
NEAR = Decimal("0.05")
# As far back as charges are looked at, and how many of the last months tell what billing does.
_MONTHS_BACK, _LAST = 24, 3

Volumes = Mapping[datetime.date, Decimal]


@dataclass(frozen=True)
class PageForecast:
    """`no_reading`: of meters that lack one. `norm_meter_pk`: whose notice says what the norm costs.

    The sum is said once a page, and not at all where billing does not charge it.
    """

    no_reading: NoReading | None
    norm_meter_pk: int | None


def page_forecast(account: PersonalAccount, snapshot: MeterSnapshot) -> PageForecast:
    """Return what to say of an open account's bills to come. One query besides the snapshot's own."""
    if account.closed_on or not snapshot.meters:
        return PageForecast(None, None)
    month, norm = snapshot.period.month, account.norm_volume
    charged = charged_volumes(account, since=month_after(month, -_MONTHS_BACK))
    without = no_reading(snapshot, norm)
    if without:
        without = _agreeing(without, charged, norm)
    notice = datetime.timedelta(days=snapshot.rules.verification_notice + 1)
    near = [meter for meter in snapshot.meters if meter.is_overdue(snapshot.day + notice)]
    overdue = [meter for meter in near if meter.is_overdue(snapshot.day)]
    if without and overdue:
        without = replace(without, norm=None)
    if not near or (without and (without.norm or without.is_contradicted)):
        return PageForecast(without, None)
    spoken = (overdue or near)[0]
    late = [period for period in charged if period > (spoken.verification_due_on or period)]
    norms = [norm, norm * snapshot.rules.verification_factor] if norm else []
    is_contradicted = bool(late) and not _is_any_near(charged, late[-_LAST:], norms)
    return PageForecast(without, None if is_contradicted else spoken.pk)


def charged_volumes(
    account: PersonalAccount, *, since: datetime.date
) -> dict[datetime.date, Decimal]:
    """Return m³ that billing has charged by month, oldest first; 0 for a month with other services alone."""
    rows = Charge.objects.filter(account=account, period__gte=since, kind=Charge.Kind.PRINCIPAL)
    found: dict[datetime.date, Decimal] = {}
    for period, unit, volume in rows.order_by("period").values_list("period", "unit", "volume"):
        used = volume if volume is not None and unit == CUBIC_METRES else Decimal()
        found[period] = found.get(period, Decimal()) + used
    return found


def _agreeing(without: NoReading, charged: Volumes, norm: Decimal | None) -> NoReading:
    """Return the forecast with what billing has said of the months without a reading.

    Nothing is forecast where it has charged months by norm time and none of them by the norm, or months by
    average time and nothing for any of them.
    """
    since = without.missing_since
    closed = [month for month in charged if since is None or month >= since]
    is_charged = without.missing_until in charged
    if since is None:
        by_norm = closed[-_LAST:]
    else:
        by_norm = [month for month in closed if month >= month_after(since, without.limit)]
    is_contradicted = bool(closed) and not any(charged[month] for month in closed)
    if by_norm and norm:
        is_contradicted = not _is_any_near(charged, by_norm, [norm])
    if is_contradicted:
        without = replace(without, average=None, norm=None)
    return replace(without, is_contradicted=is_contradicted, is_charged=is_charged)


def _is_any_near(charged: Volumes, months: list[datetime.date], norms: list[Decimal]) -> bool:
    return any(abs(charged[month] - norm) <= norm * NEAR for month in months for norm in norms)
