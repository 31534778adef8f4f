"""The end of appeals that nobody comes back to."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cabinet.appeals.lifecycle.notices import notify_closed
from cabinet.appeals.lifecycle.states import State, appeal_locked, go_to
from cabinet.appeals.models import Appeal

_BATCH = 500


def appeals_close() -> int:
    """Close what was answered, or asked back, long ago, each in its own transaction; return how many.

    The last day counts to its end, by the company's time.
    """
    closed, midnight = 0, timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for state, days in (
        (State.ANSWERED, settings.APPEALS_CLOSE_DAYS),
        (State.WAITING, settings.APPEALS_WAIT_DAYS),
    ):
        before = midnight - datetime.timedelta(days=days)
        old = Appeal.objects.filter(state=state, state_since__lt=before).order_by("pk")
        while pks := list(old.values_list("pk", flat=True)[:_BATCH]):
            closed += sum(_close(pk, state, before) for pk in pks)
    return closed


@transaction.atomic
def _close(appeal_pk: int, state: str, before: datetime.datetime) -> bool:
    appeal = appeal_locked(appeal_pk)
    if appeal.state != state or appeal.state_since >= before:
        return False
    appeal.time_left = None
    if state == State.WAITING:
        appeal.is_unread = True
    go_to(appeal, State.DONE, action="close")
    if state == State.WAITING:
        notify_closed(appeal)
    return True


def waits_until(now: datetime.datetime) -> datetime.date:
    """Return the last day on which an answer to a question back is awaited."""
    return timezone.localtime(now + datetime.timedelta(days=settings.APPEALS_WAIT_DAYS)).date()
