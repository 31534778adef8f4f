"""Submissions: the number that is given for readings, and the letter that repeats it."""

import datetime
import secrets
from decimal import Decimal
from uuid import UUID, uuid4

from django.urls import reverse

from cabinet.meters.models import Reading, Submission, SubmissionLine
from cabinet.meters.receipts import receipt_of
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.telling import subscriber_tell
from tenants.selectors import current_company


def submission_open(
    *,
    account_pk: int,
    values: dict[int, int],
    sending_id: UUID,
    channel: str,
    subscriber_id: UUID | None,
    taken_on: datetime.date,
    counts_for: datetime.date,
    received_at: datetime.datetime,
) -> tuple[Submission, bool]:
    """A submission with a number of its own, and whether it is new; in the caller's transaction.

    Not new: this page has been sent already, with the same values (by meter). With others, by way of the
    back button, it is a submission of its own. Two at once wait for each other here.
    """
    while True:
        # Neither its account nor its moment can be told from the number.
        number = str(secrets.randbelow(900_000_000) + 100_000_000)
        Submission.objects.bulk_create(
            [
                Submission(
                    number=number,
                    sending_id=sending_id,
                    account_id=account_pk,
                    channel=channel,
                    subscriber_id=subscriber_id,
                    taken_on=taken_on,
                    counts_for=counts_for,
                    received_at=received_at,
                )
            ],
            ignore_conflicts=True,
        )
        found = Submission.objects.filter(sending_id=sending_id).first()
        if found is None:  # the number was somebody's
            continue
        if found.number == number:
            return found, True
        if _is_this(found, account_pk, values):
            return found, False
        sending_id = uuid4()


def submission_sent(
    *, account_pk: int, values: dict[int, int], sending_id: UUID
) -> Submission | None:
    """What has arrived already: whoever did not hear the answer asks again, maybe weeks later."""
    found = Submission.objects.filter(sending_id=sending_id).first()
    return found if found and _is_this(found, account_pk, values) else None


def submission_confirm(*, submission: Submission, readings: list[Reading]) -> None:
    """Keep the lines as they arrived, and write to the person, if there is an address."""
    SubmissionLine.objects.bulk_create(
        SubmissionLine(
            submission=submission,
            meter_id=reading.meter_id,
            value=Decimal(reading.value),
            previous_value=reading.previous_value,
            lower_reason=reading.lower_reason,
        )
        for reading in readings
    )
    company = current_company()
    if submission.subscriber_id is None or company is None:
        return
    link = (
        AccountLink.objects.filter(
            subscriber=submission.subscriber_id,
            company=company,
            account_number=submission.account.account_number,
        )
        .select_related("subscriber")
        .first()
    )
    if link is None or not link.subscriber.email:
        return  # not by SMS: the page has said it, and each one costs
    path = reverse("meters:sent", args=[link.pk, submission.number])
    subscriber_tell(
        subscriber=link.subscriber,
        kind="readings_received",
        context={
            "receipt": receipt_of(submission, masked=False),
            "company_name": company.name,
            "url": f"{company.url}{path}",
        },
    )


def _is_this(submission: Submission, account_pk: int, values: dict[int, int]) -> bool:
    return submission.account_id == account_pk and _values(submission) == values


def _values(submission: Submission) -> dict[int, int]:
    lines = submission.lines.values_list("meter_id", "value")
    return {meter: int(value) for meter, value in lines}
