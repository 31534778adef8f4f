"""The answer to sent readings: what arrived, as it arrived, with its number."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils import timezone
from django.utils.formats import date_format

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models import Submission
from portal.connection import current_schema

# The address of a guest's receipt is not a way to look back at an account later.
VALID_SECONDS = 3600


@dataclass(frozen=True)
class ReceivedReading:
    model: str
    number: str
    value: Decimal
    previous_value: Decimal | None


@dataclass(frozen=True)
class Receipt:
    """`received` in the company's own time, which may not be that of the host that shows it."""

    sending_id: UUID
    number: str
    spoken_number: str
    account_number: str
    taken_on: datetime.date
    counts_for: datetime.date
    received: str
    readings: list[ReceivedReading]


def receipt_of(submission: Submission, *, masked: bool) -> Receipt:
    lines = submission.lines.select_related("meter").order_by(
        "meter__model", "meter__serial_number", "meter"
    )
    return Receipt(
        sending_id=submission.sending_id,
        number=submission.number,
        spoken_number=submission.spoken_number,
        account_number=submission.account.account_number,
        taken_on=submission.taken_on,
        counts_for=submission.counts_for,
        received=date_format(timezone.localtime(submission.received_at), "j E Y г. в H:i"),
        readings=[
            ReceivedReading(
                model=line.meter.model,
                number=line.meter.masked_number if masked else line.meter.serial_number,
                value=line.value,
                previous_value=line.previous_value,
            )
            for line in lines
        ],
    )


def receipt_find(account: PersonalAccount, number: str, *, masked: bool) -> Receipt | None:
    """By its number, however it is typed, among those of the account; None for anybody else's."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    submission = Submission.objects.filter(account=account, number=digits).first()
    return receipt_of(submission, masked=masked) if submission else None


def receipt_token(submission: Submission) -> str:
    """Names the submission, and the schema that it is in, for a guest's address."""
    return signing.dumps(
        {"schema": current_schema(), "submission": submission.pk}, salt="cabinet.meters.receipt"
    )


def receipt_schema(token: str) -> str:
    """The schema of a token, or an empty string for a forged or an old one."""
    return str(_load(token).get("schema", ""))


def receipt_read(token: str) -> Receipt | None:
    """The guest's receipt in the current schema, None where there is none (any more)."""
    content = _load(token)
    if content.get("schema") != current_schema():
        return None
    submission = Submission.objects.filter(pk=content["submission"]).first()
    return receipt_of(submission, masked=True) if submission else None


def _load(token: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(
            token, salt="cabinet.meters.receipt", max_age=VALID_SECONDS
        )
    except signing.BadSignature:
        return {}
    return content
