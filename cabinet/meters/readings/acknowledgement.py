"""The acknowledgement of sent readings: what arrived, as it arrived, with its number."""

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

# The address of a guest's acknowledgement is not a way to look back at an account later.
VALID_SECONDS = 3600


@dataclass(frozen=True)
class AcknowledgedReading:
    model: str
    number: str
    value: Decimal
    previous_value: Decimal | None


@dataclass(frozen=True)
class Acknowledgement:
    """`received` in the company's own time, which may not be that of the host that shows it."""

    idempotency_key: UUID
    number: str
    spoken_number: str
    account_number: str
    taken_on: datetime.date
    counts_for: datetime.date
    received: str
    readings: list[AcknowledgedReading]


def acknowledgement_of(submission: Submission, *, masked: bool) -> Acknowledgement:
    lines = submission.lines.select_related("meter").order_by(
        "meter__model", "meter__serial_number", "meter"
    )
    return Acknowledgement(
        idempotency_key=submission.idempotency_key,
        number=submission.number,
        spoken_number=submission.spoken_number,
        account_number=submission.account.account_number,
        taken_on=submission.taken_on,
        counts_for=submission.counts_for,
        received=date_format(timezone.localtime(submission.received_at), "j E Y г. в H:i"),
        readings=[
            AcknowledgedReading(
                model=line.meter.model,
                number=line.meter.masked_number if masked else line.meter.serial_number,
                value=line.value,
                previous_value=line.previous_value,
            )
            for line in lines
        ],
    )


def acknowledgement_find(
    account: PersonalAccount, number: str, *, masked: bool
) -> Acknowledgement | None:
    """Find an acknowledgement of the account by its number, however it is typed."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    submission = Submission.objects.filter(account=account, number=digits).first()
    return acknowledgement_of(submission, masked=masked) if submission else None


def acknowledgement_token(submission: Submission) -> str:
    """Sign the submission's key and schema for the address of a guest's acknowledgement."""
    return signing.dumps(
        {"schema": current_schema(), "submission": submission.pk},
        salt="cabinet.meters.acknowledgement",
    )


def acknowledgement_schema(token: str) -> str:
    """Return the schema of a token, or an empty string for a forged or an old one."""
    return str(_load(token).get("schema", ""))


def acknowledgement_read(token: str) -> Acknowledgement | None:
    """Return a guest's acknowledgement in the current schema; None for a forged or an old token."""
    content = _load(token)
    if content.get("schema") != current_schema():
        return None
    submission = Submission.objects.filter(pk=content["submission"]).first()
    return acknowledgement_of(submission, masked=True) if submission else None


def _load(token: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(
            token, salt="cabinet.meters.acknowledgement", max_age=VALID_SECONDS
        )
    except signing.BadSignature:
        return {}
    return content
