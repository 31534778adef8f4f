"""What the central office has to add to the records of law, or to check: shown on the fleet page."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.formats.dates import long_day
from tenants.legal.penalty import penalty_rate
from tenants.legal.rules import RULES
from tenants.legal.selectors import LegalValueMissing, records_that_count
from tenants.legal.working_days import are_moved_days_known
from tenants.models import LegalRecord

# The decree on the days off of the next year is usually there in October.
_AUTUMN_MONTH = 10
# How long before a rule ends, or is to be checked, the office hears of it.
_BEFOREHAND = datetime.timedelta(days=45)
# A decision of a Friday is in force from the next Monday.
_DECISION_TERM = datetime.timedelta(days=4)


@dataclass(frozen=True)
class LegalAlarm:
    """`url_name`: of the page on which it is mended; `code`: of the rule, if it is one."""

    text: str
    url_name: str
    code: str = ""

    @property
    def url(self) -> str:
        return reverse("legal_rule", args=[self.code]) if self.code else reverse(self.url_name)


def legal_alarms(day: datetime.date) -> list[LegalAlarm]:
    """Return what is missing or too old on a day, and what ends soon. As many queries for any rules."""
    records: dict[str, list[LegalRecord]] = {code: [] for code in RULES}
    for record in records_that_count().order_by("valid_from").select_related("company"):
        if record.code in records:
            records[record.code].append(record)
    common = {code: [one for one in some if not one.company_id] for code, some in records.items()}
    return [
        *_rate_alarms(common, day),
        *_missing(common, day),
        *_ending(common, day),
        *_to_check(records, day),
        *_calendar_alarms(day),
    ]


def _rate_alarms(common: dict[str, list[LegalRecord]], day: datetime.date) -> Iterator[LegalAlarm]:
    """Yield what the key rate lacks: each meeting of the Bank of Russia asks for a record."""
    rates, meetings = common["key_rate"], common["key_rate_meeting"]
    last = max((one for one in rates if one.valid_from <= day), key=_day_of, default=None)
    newest = max((one.valid_from for one in rates), default=None)
    try:
        penalty_rate(day)
        stops = False
    except LegalValueMissing:
        stops = True
    if last is None:
        text = _("Ключевая ставка не\u00a0задана, поэтому пени мы\u00a0не\u00a0считаем.")
        yield _alarm("key_rate", text)
    elif stops or _is_behind(newest, meetings, day):
        consequence = (
            _("без неё мы не считаем пени.")
            if stops
            else _("без неё мы не сможем считать пени, когда ставка станет ниже ограничения.")
        )
        text = _(
            "Последняя запись о ключевой ставке действует с %(day)s Добавьте новую, даже если ставка "
            "осталась прежней: %(consequence)s"
        ) % {"day": long_day(last.valid_from), "consequence": consequence}
        yield _alarm("key_rate", text)
    if not any(one.day and one.day >= day for one in meetings):
        text = _("Внесите день следующего заседания Банка России по\u00a0ключевой ставке.")
        yield _alarm("key_rate_meeting", text)


def _is_behind(
    newest: datetime.date | None, meetings: list[LegalRecord], day: datetime.date
) -> bool:
    """Tell whether a meeting has passed, or its usual term, since the newest record of the rate."""
    if newest is None or newest > day:
        return False
    held = [one.day for one in meetings if one.day and one.day + _DECISION_TERM <= day]
    trusted = RULES["key_rate"].trusted_days or 0
    return (day - newest).days > trusted or any(newest < meeting for meeting in held)


def _missing(common: dict[str, list[LegalRecord]], day: datetime.date) -> Iterator[LegalAlarm]:
    for code, rule in RULES.items():
        begun = [one for one in common[code] if one.valid_from <= day]
        if not begun and not rule.may_end and code not in ("key_rate", "key_rate_meeting"):
            text = _("«%s»: нет действующего значения.") % rule.label
            yield _alarm(code, text)


def _ending(common: dict[str, list[LegalRecord]], day: datetime.date) -> Iterator[LegalAlarm]:
    for code, records in common.items():
        for one in records:
            if one.value is None and day < one.valid_from <= day + _BEFOREHAND:
                text = _(
                    "С\u00a0%(day)s перестаёт действовать правило «%(label)s». Проверьте, "
                    "не\u00a0продлено\u00a0ли оно."
                ) % {"day": long_day(one.valid_from), "label": one.rule_label}
                yield _alarm(code, text)


def _to_check(records: dict[str, list[LegalRecord]], day: datetime.date) -> Iterator[LegalAlarm]:
    """Yield the records in force that are to be compared with the law, one alarm for a source and day."""
    found: dict[tuple[str, datetime.date], list[LegalRecord]] = {}
    for some in records.values():
        last = {one.company_id: one for one in some if one.valid_from <= day}
        for one in last.values():
            if one.review_on and one.review_on <= day + _BEFOREHAND:
                found.setdefault((one.source, one.review_on), []).append(one)
    for (source, review_on), some in found.items():
        labels = ", ".join(f"«{one.rule_label}»" for one in some[:3])
        more = _(" и\u00a0ещё %s") % (len(some) - 3) if len(some) > 3 else ""
        text = _(
            "Сверьте с\u00a0законом до\u00a0%(day)s %(labels)s%(more)s. Источник: %(source)s."
        ) % {
            "day": long_day(review_on),
            "labels": labels,
            "more": more,
            "source": source,
        }
        yield _alarm(some[0].code, text)


def _calendar_alarms(day: datetime.date) -> Iterator[LegalAlarm]:
    years = [day.year, day.year + 1] if day.month >= _AUTUMN_MONTH else [day.year]
    for year in years:
        if not are_moved_days_known(year):
            text = _(
                "Нет переносов выходных дней на %(year)s год. Без них срок оплаты может оказаться "
                "выходным днём: добавьте дни из постановления."
            ) % {"year": year}
            yield LegalAlarm(text, "tenants_calendarday_modeladmin_index")


def _alarm(code: str, text: str) -> LegalAlarm:
    return LegalAlarm(text, "legal_office", code)


def _day_of(record: LegalRecord) -> datetime.date:
    return record.valid_from
