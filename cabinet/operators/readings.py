"""Readings that an operator takes by telephone: the form of everybody, the strongest channel."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models import Reading, Submission
from cabinet.meters.readings.forms import ReadingsForm
from cabinet.meters.readings.services import readings_submit, submission_find
from cabinet.meters.selectors import meters_in_use
from cabinet.meters.snapshot import meter_snapshot
from portal.audit.services import audit_write
from portal.staff.models import StaffUser


def phone_form(account: PersonalAccount, data: Any = None) -> ReadingsForm:
    """Return the form of the account's meters for today; none of a closed account."""
    meters = [] if account.closed_on else meters_in_use(account)
    return ReadingsForm(
        data,
        snapshot=meter_snapshot(meters, channel=Reading.Channel.OPERATOR),
        norm_volume=account.norm_volume,
        initial={"idempotency_key": uuid4()},
    )


@transaction.atomic
def phone_readings_take(
    *, account: PersonalAccount, form: ReadingsForm, actor: StaffUser
) -> Submission:
    """Accept the readings of a valid form, and log who took them. The same form twice is one submission.

    Raises ReadingRefused.
    """
    key = form.cleaned_data["idempotency_key"] or uuid4()
    values = {new.meter_pk: new.value for new in form.readings}
    known = submission_find(account_pk=account.pk, values=values, idempotency_key=key)
    if known:
        return known
    submission = readings_submit(
        account_pk=account.pk,
        readings=form.readings,
        channel=Reading.Channel.OPERATOR,
        idempotency_key=key,
    )
    audit_write(
        actor=actor,
        action="account.readings",
        subject=account.account_number,
        details={"submission": submission.number},
    )
    return submission
