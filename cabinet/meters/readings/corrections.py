"""What has replaced a sent reading since, for its acknowledgement.

A guest is told of guests' submissions alone: nothing of what a holder has sent comes out (decision 24).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.db.models import F, QuerySet

from cabinet.meters.models import Reading, Submission, SubmissionLine
from portal.formats.dates import moment_said


class By(StrEnum):
    """Who has sent the other reading of the day, as the person who looks at it is told."""

    YOU = "you"
    HOLDER = "holder"
    GUEST = "guest"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Correction:
    """Another reading of the day that counts instead; `value` and `number` where it is the person's own.

    `is_earlier`: it stood already, and the one that came later never counted.
    """

    by: By
    received: str
    is_earlier: bool = False
    value: Decimal | None = None
    number: str = ""
    spoken_number: str = ""


def corrections_of(
    submission: Submission,
    lines: Iterable[SubmissionLine],
    *,
    for_guest: bool,
    subscriber_id: UUID | None,
) -> dict[int, Correction]:
    """Return what replaced lines of the submission, by meter. Two queries at most."""
    meters = [line.meter_id for line in lines]
    others = _later_of_guests(submission, meters) if for_guest else _standing(submission, meters)
    return {
        line.meter_id: _correction(submission, line, subscriber_id=subscriber_id) for line in others
    }


def _standing(submission: Submission, meters: list[int]) -> list[SubmissionLine]:
    """Return the lines whose readings are the day's now, where they are of other submissions."""
    standing = Reading.objects.filter(
        meter__in=meters, taken_on=submission.taken_on, origin=Reading.Origin.PORTAL
    ).exclude(received_at=submission.received_at, source=submission.channel)
    moments = {(one.meter_id, one.received_at, one.source) for one in standing}
    if not moments:
        return []
    lines = _others(submission, meters).filter(
        submission__received_at__in={moment for _, moment, _ in moments}
    )
    return [
        line
        for line in lines
        if (line.meter_id, line.submission.received_at, line.submission.channel) in moments
    ]


def _later_of_guests(submission: Submission, meters: list[int]) -> list[SubmissionLine]:
    """Return the newest line of a guest for each meter, where it is later than this submission."""
    later = _others(submission, meters).filter(
        submission__channel=Reading.Channel.GUEST,
        submission__received_at__gt=submission.received_at,
    )
    newest = later.order_by("meter_id", F("submission__received_at").desc()).distinct("meter_id")
    return list(newest)


def _others(submission: Submission, meters: list[int]) -> QuerySet[SubmissionLine]:
    return (
        SubmissionLine.objects.filter(
            meter__in=meters,
            submission__account=submission.account_id,
            submission__taken_on=submission.taken_on,
        )
        .exclude(submission=submission)
        .select_related("submission")
    )


def _correction(
    submission: Submission, line: SubmissionLine, *, subscriber_id: UUID | None
) -> Correction:
    other = line.submission
    received = moment_said(other.received_at)
    is_earlier = other.received_at < submission.received_at
    if other.channel == Reading.Channel.GUEST:
        return Correction(By.GUEST, received, is_earlier)
    if other.channel == Reading.Channel.OPERATOR:
        return Correction(By.OPERATOR, received, is_earlier)
    if subscriber_id is None or other.subscriber_id != subscriber_id:
        return Correction(By.HOLDER, received, is_earlier)
    return Correction(By.YOU, received, is_earlier, line.value, other.number, other.spoken_number)
