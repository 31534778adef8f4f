import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models import METER_ORDER, Meter, Reading, ReadingSettings, Tariff
from cabinet.meters.serial_numbers import shown_numbers
from portal.formats.dates import long_day
from portal.formats.numbers import cubic_metres
from tenants.models import GasCompany
from tenants.office.months import ByMonth, by_month

_ALL = Q()


def channel_of(access: AccountAccess) -> str:
    """Return by which channel the person sends: a holder, or a delegate, who sees masked numbers."""
    return Reading.Channel.DELEGATE if access.is_delegate else Reading.Channel.CABINET


def meters_in_use(account: PersonalAccount) -> list[Meter]:
    """Return the meters that are not removed, always in the same order."""
    return list(account.meters.filter(removed_on=None).order_by(*METER_ORDER))


def meters_taking_readings(account_pk: int) -> list[Meter]:
    """Return the meters in use of an account that is not closed, always in the same order."""
    meters = Meter.objects.filter(account=account_pk, account__closed_on=None, removed_on=None)
    return list(meters.order_by(*METER_ORDER))


def last_readings(
    meters: list[Meter], *, before: datetime.date | None = None, among: Q = _ALL
) -> dict[int, Reading]:
    """Return each meter's newest reading by its key, billing's before the portal's of the same day.

    `before`: only what counts as earlier than a new reading of that day: the portal's own of the day
    would be replaced by it, billing's of the day stands.
    """
    readings = Reading.objects.filter(among, meter__in=meters)
    if before is not None:
        readings = readings.filter(taken_on__lte=before).exclude(
            taken_on=before, origin=Reading.Origin.PORTAL
        )
    newest = readings.order_by("meter_id", "-taken_on", "origin").distinct("meter_id")
    return {reading.meter_id: reading for reading in newest}


def true_readings(
    meters: list[Meter],
    settings: ReadingSettings,
    *,
    since: datetime.date,
    before: datetime.date,
    among: Q = _ALL,
) -> dict[int, list[Reading]]:
    """Return the readings of `since` ≤ day < `before` that a dial has shown, by meter, the newest first.

    Not those that billing has calculated.
    """
    readings = Reading.objects.filter(
        among, meter__in=meters, taken_on__gte=since, taken_on__lt=before
    )
    found: dict[int, list[Reading]] = {}
    for reading in readings.order_by("meter_id", "-taken_on", "origin"):
        if not is_calculated(reading, settings):
            found.setdefault(reading.meter_id, []).append(reading)
    return found


def reading_settings() -> ReadingSettings:
    """Return those of the company whose schema is entered; the defaults where none were saved."""
    return ReadingSettings.objects.filter(site__is_default_site=True).first() or ReadingSettings()


def is_calculated(reading: Reading, settings: ReadingSettings) -> bool:
    """Tell whether billing has calculated the reading, so that no dial has shown it."""
    return reading.origin == Reading.Origin.BILLING and settings.is_calculated(reading.source)


def tariffs_in_force(codes: set[str], day: datetime.date) -> dict[str, Tariff]:
    """Return the tariff valid on the day, by its code."""
    found = Tariff.objects.filter(tariff_code__in=codes, valid_from__lte=day)
    newest = found.order_by("tariff_code", "-valid_from").distinct("tariff_code")
    return {tariff.tariff_code: tariff for tariff in newest}


def today() -> datetime.date:
    """Return the day at the company, whose time zone is active."""
    return timezone.localdate()


def meters_said(access: AccountAccess, person: UUID, about: str) -> str:
    """Return the meters of the account with their last readings, as a line of an appeal."""
    meters = meters_in_use(access.account)
    numbers, last = shown_numbers(meters, masked=access.is_delegate), last_readings(meters)
    parts = []
    for meter in meters:
        reading = last.get(meter.pk)
        shown = (
            f": {cubic_metres(reading.value)} на {long_day(reading.taken_on)}" if reading else ""
        )
        parts.append(f"{meter.model} №\u00a0{numbers[meter.pk]}{shown}")
    return f"Показания. {'; '.join(parts)}" if parts else "Показания"


def readings_this_month(company: GasCompany) -> int | None:
    """Count the portal's readings of the company's own month; None where there are no meters."""
    if not company.is_gas:
        return None
    today = timezone.localdate()
    return Reading.objects.filter(
        origin=Reading.Origin.PORTAL, taken_on__gte=today.replace(day=1), taken_on__lte=today
    ).count()


def readings_by_month(
    company: GasCompany, since: datetime.date, until: datetime.date
) -> ByMonth | None:
    """Count the portal's readings of `since` ≤ day < `until` by month; None where there are no meters."""
    if not company.is_gas:
        return None
    rows = Reading.objects.filter(
        origin=Reading.Origin.PORTAL, taken_on__gte=since, taken_on__lt=until
    )
    return by_month(rows, "taken_on", Count("pk"))
