"""What a telephone hears of a reading that it has kept."""

import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cabinet.meters.forms import ReadingsForm
from cabinet.meters.models import Submission
from cabinet.meters.receipts import receipt_of
from cabinet.meters.templatetags.readings_tags import cubic, month_of

Answer = dict[str, Any]


def accepted(submission: Submission, link_id: UUID) -> Answer:
    """The receipt, with as much of the meters as a telephone may keep."""
    receipt = receipt_of(submission, masked=True)
    day = date_format(receipt.taken_on, "j E Y г.")
    return {
        "status": "accepted",
        "number": receipt.spoken_number,
        "lines": [
            _("%(model)s, счётчик № %(number)s: %(value)s")
            % {"model": line.model, "number": line.number, "value": cubic(line.value)}
            for line in receipt.readings
        ],
        "when": _("Показание на %(day)s, за %(month)s Принято %(received)s")
        % {"day": day, "month": month_of(receipt.counts_for), "received": receipt.received},
        "url": reverse("meters:sent", args=[link_id, submission.number]),
    }


def asks(text: str, day: datetime.date | None = None) -> Answer:
    """The person must look: `text` says why. `day`: that of the form that will be shown filled in."""
    return {"status": "asks", "text": text, "day": day.isoformat() if day else ""}


def errors_of(form: ReadingsForm) -> str:
    """All that the form says, once each."""
    said = [str(error) for errors in form.errors.values() for error in errors]
    return " ".join(dict.fromkeys(said))
