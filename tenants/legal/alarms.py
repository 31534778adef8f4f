"""What the central office has to add to the records of law: shown on the fleet page."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.formats.dates import long_day
from tenants.legal.penalty import penalty_rate
from tenants.legal.selectors import LegalValueMissing
from tenants.legal.working_days import are_moved_days_known
from tenants.models import LegalRecord

# The decree on the days off of the next year is usually there in October.
_AUTUMN_MONTH = 10


@dataclass(frozen=True)
class LegalAlarm:
    """`url_name`: of the page on which it is mended."""

    text: str
    url_name: str


def legal_alarms(day: datetime.date) -> list[LegalAlarm]:
    """Return what is missing or too old on a day; in the autumn also the next year's moved days."""
    alarms = []
    try:
        penalty_rate(day)
    except LegalValueMissing:
        alarms.append(LegalAlarm(_stale_rate(day), "tenants_legalrecord_modeladmin_index"))
    years = [day.year, day.year + 1] if day.month >= _AUTUMN_MONTH else [day.year]
    alarms += [
        LegalAlarm(
            _(
                "Нет переносов выходных дней на %(year)s год. Без них срок оплаты может оказаться "
                "выходным днём: добавьте дни из постановления."
            )
            % {"year": year},
            "tenants_calendarday_modeladmin_index",
        )
        for year in years
        if not are_moved_days_known(year)
    ]
    return alarms


def _stale_rate(day: datetime.date) -> str:
    records = LegalRecord.objects.filter(code="key_rate", company=None, valid_from__lte=day)
    last = records.order_by("valid_from").last()
    if last is None:
        return _("Ключевая ставка не задана, поэтому пени мы не считаем.")
    return _(
        "Последняя запись о ключевой ставке действует с %(day)s Добавьте новую, даже если ставка "
        "осталась прежней: без неё мы не считаем пени."
    ) % {"day": long_day(last.valid_from)}
