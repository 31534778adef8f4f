"""Taking a reading that a telephone has kept: by the rules of the form, for the day it was typed on."""

import datetime
import re
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.meters.facts import meter_facts
from cabinet.meters.forms import ReadingsForm
from cabinet.meters.kept.answers import accepted, asks, errors_of
from cabinet.meters.kept.days import is_in_time
from cabinet.meters.models import Reading
from cabinet.meters.selectors import meters_in_use
from cabinet.meters.services import ReadingRefused, readings_submit
from cabinet.meters.submission_services import submission_sent

_VALUE = re.compile(r"value_([0-9]{1,18})")
_MAX_DIGITS = 9


def kept_take(
    *, access: AccountAccess, sending_id: UUID, typed_at: datetime.datetime, fields: QueryDict
) -> dict[str, Any]:
    """The answer for the telephone. Nobody looks at the form: what it would ask about is not taken.

    The same `sending_id` with the same values gets the receipt of the first time, whatever has happened
    since: the telephone has only not heard it.
    """
    account, values = access.account, _values(fields)
    sent = submission_sent(account_pk=account.pk, sending_id=sending_id, values=values)
    if sent:
        return accepted(sent, access.link.pk)
    day = timezone.localdate(typed_at)
    if account.closed_on:
        return asks(_("Лицевой счёт закрыт, показания по нему больше не принимаются."))
    if not is_in_time(day):
        return asks(_("Показание набрано больше месяца назад. Передайте сегодняшнее."))
    meters = meters_in_use(account)
    if not set(values) <= {meter.pk for meter in meters}:
        return asks(_("Счётчик снят или заменён. Проверьте, к какому относится показание."), day)
    form = ReadingsForm(fields, facts=meter_facts(meters, day), masked=False)
    if form.is_valid():
        try:
            submission = readings_submit(
                account_pk=account.pk,
                readings=form.readings,
                channel=Reading.Channel.CABINET,
                subscriber_id=access.link.subscriber_id,
                sending_id=sending_id,
                taken_on=day,
                typed_at=typed_at,
            )
        except ReadingRefused as refusal:
            form.refuse(refusal)
        else:
            return accepted(submission, access.link.pk)
    return asks(errors_of(form), day)


def _values(fields: QueryDict) -> dict[int, int]:
    """By meter, whole m³; what is no number is left to the form to tell of."""
    found = {}
    for name, text in fields.items():
        meter, typed = _VALUE.fullmatch(name), str(text).strip()
        if meter and typed:
            is_number = re.fullmatch(r"[0-9]+", typed) and len(typed) <= 2 * _MAX_DIGITS
            found[int(meter[1])] = int(typed) if is_number else -1
    return found
