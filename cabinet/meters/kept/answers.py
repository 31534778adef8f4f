"""What a telephone hears of a reading that it has kept."""

import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.meters.forms import ReadingsForm
from cabinet.meters.models import Submission
from cabinet.meters.receipts import receipt_of
from portal.formats.dates import long_day, month_name
from portal.formats.numbers import cubic_metres

Answer = dict[str, Any]


def accepted(submission: Submission, link_id: UUID) -> Answer:
    """The receipt, with as much of the meters as a telephone may keep."""
    receipt = receipt_of(submission, masked=True)
    day = long_day(receipt.taken_on)
    return {
        "status": "accepted",
        "number": receipt.spoken_number,
        "lines": [
            _("%(model)s, счётчик № %(number)s: %(value)s")
            % {"model": line.model, "number": line.number, "value": cubic_metres(line.value)}
            for line in receipt.readings
        ],
        "when": _("Показание на %(day)s, за %(month)s Принято %(received)s")
        % {"day": day, "month": month_name(receipt.counts_for), "received": receipt.received},
        "url": reverse("meters:sent", args=[link_id, submission.number]),
    }


def asks(text: str, day: datetime.date | None = None) -> Answer:
    """The person must look: `text` says why. `day`: that of the form that will be shown filled in."""
    return {"status": "asks", "text": text, "day": day.isoformat() if day else ""}


def errors_of(form: ReadingsForm) -> str:
    """All that the form says, once each."""
    said = [str(error) for errors in form.errors.values() for error in errors]
    return " ".join(dict.fromkeys(said))
