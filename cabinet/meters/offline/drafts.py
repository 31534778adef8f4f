"""Accept a reading that was typed without signal: by the rules of the form, for the day it was typed on."""

import datetime
import re
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.meters.models import Submission
from cabinet.meters.readings.acknowledgement import acknowledgement_of
from cabinet.meters.readings.forms import ReadingsForm
from cabinet.meters.readings.limits import may_person_send
from cabinet.meters.readings.questions import REFUSALS, TOO_MANY
from cabinet.meters.readings.rules import Refusal, is_day_accepted
from cabinet.meters.readings.services import ReadingRefused, readings_submit, submission_find
from cabinet.meters.selectors import channel_of, meters_in_use, today
from cabinet.meters.snapshot import meter_snapshot
from portal.formats.numbers import cubic_metres
from portal.formats.text import without_invisible

Answer = dict[str, Any]

_VALUE = re.compile(r"value_([0-9]{1,18})")
_MAX_DIGITS = 9


def draft_accept(
    *, access: AccountAccess, idempotency_key: UUID, typed_at: datetime.datetime, fields: QueryDict
) -> Answer:
    """Submit a draft and return the answer for the device.

    No person sees the form now: what it would ask about is refused. The same `idempotency_key` with the
    same values gets the acknowledgement of the first time, whatever has happened since: the device may
    have lost the answer. Raises AccessOver.
    """
    account, values = access.account, _values(fields)
    sent = submission_find(account_pk=account.pk, idempotency_key=idempotency_key, values=values)
    if sent:
        return _accepted(sent, access.link.pk)
    day = timezone.localdate(typed_at)
    if account.closed_on:
        return asks(_("Лицевой счёт закрыт, показания по нему больше не принимаются."))
    if not is_day_accepted(day):
        return asks(str(REFUSALS[Refusal.DAY]))
    meters = meters_in_use(account)
    if not set(values) <= {meter.pk for meter in meters}:
        return asks(_("Счётчик снят или заменён. Проверьте, к какому относится показание."), day)
    snapshot = meter_snapshot(meters, day, channel=channel_of(access))
    form = ReadingsForm(fields, snapshot=snapshot)
    if form.is_valid():
        if not may_person_send(access.link.subscriber_id):
            return asks(str(TOO_MANY), day)
        try:
            submission = readings_submit(
                account_pk=account.pk,
                readings=form.readings,
                channel=snapshot.channel,
                delegation=access.link.delegation,
                subscriber_id=access.link.subscriber_id,
                idempotency_key=idempotency_key,
                taken_on=day,
                typed_at=typed_at,
            )
        except ReadingRefused as refusal:
            form.refuse(refusal)
        else:
            return _accepted(submission, access.link.pk)
    return asks(_errors(form), day)


def asks(text: str, day: datetime.date | None = None) -> Answer:
    """Return the answer that a person must look: `text` says why.

    `day`: that of the form that will be shown filled in.
    """
    return {"status": "asks", "text": text, "day": day.isoformat() if day else ""}


def moment_typed(age: str) -> datetime.datetime:
    """Return the moment `age` seconds ago: a device's clock may be wrong, but it runs at the right pace.

    Raises ValueError for anything but a number of seconds.
    """
    # Whatever is older than a decade is too old, and no moment of that is before the year 1.
    seconds = min(max(0, int(age)), 10 * 365 * 86_400)
    return timezone.now() - datetime.timedelta(seconds=seconds)


def day_typed(text: str) -> datetime.date:
    """Return the day on which a form says it was typed; today for none, and for one out of time."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return day if day and is_day_accepted(day) else today()


def _accepted(submission: Submission, link_id: UUID) -> Answer:
    """Return the acknowledgement, with as much of the meters as a device may store."""
    found = acknowledgement_of(submission, masked=True)
    return {
        "status": "accepted",
        "number": found.spoken_number,
        "lines": [
            _("%(model)s, счётчик № %(number)s: %(value)s")
            % {"model": line.model, "number": line.number, "value": cubic_metres(line.value)}
            for line in found.readings
        ]
        + (
            [_("Срок поверки счётчика истёк, показание могут не принять к расчёту")]
            if found.is_overdue
            else []
        ),
        "when": _("%(counts_for)s. Принято %(received)s")
        % {"counts_for": found.counts_for_text, "received": found.received},
        "url": reverse("meters:acknowledgement", args=[link_id, submission.number]),
    }


def _errors(form: ReadingsForm) -> str:
    """Return all errors of the form in one text, each once; a question with what it asks."""
    said = []
    for name, errors in form.errors.items():
        if name.startswith(("lower_", "confirm_")):
            said.append(str(form[name].label))
        said += [str(error) for error in errors]
    return " ".join(dict.fromkeys(said))


def _values(fields: QueryDict) -> dict[int, int]:
    """Return whole m³ by meter, -1 for what is no number: the form words that error."""
    found = {}
    for name, text in fields.items():
        meter, typed = _VALUE.fullmatch(name), without_invisible(str(text)).strip()
        if meter and typed:
            is_number = re.fullmatch(r"[0-9]+", typed) and len(typed) <= 2 * _MAX_DIGITS
            found[int(meter[1])] = int(typed) if is_number else -1
    return found
