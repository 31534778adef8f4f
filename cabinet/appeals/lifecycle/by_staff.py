"""What operators do with an appeal: answer, ask back, note, transfer."""

from typing import Literal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appeals.exceptions import AppealChanged
from cabinet.appeals.lifecycle.clock import clock_of, left_of
from cabinet.appeals.lifecycle.closing import waits_until
from cabinet.appeals.lifecycle.notices import notify_answered
from cabinet.appeals.lifecycle.states import (
    State,
    appeal_locked,
    go_to,
    log,
    message_write,
    said_by,
)
from cabinet.appeals.models import Appeal, AppealMessage
from cms_pages.models import ServiceCentre
from portal.formats.dates import long_day
from portal.staff.models import StaffUser

Outcome = Literal["answered", "done", "waiting"]


@transaction.atomic
def appeal_answer(
    *, appeal_pk: int, actor: StaffUser, text: str, form_key: UUID, outcome: Outcome, seen: int
) -> Appeal:
    """Answer an appeal, or ask its writer back (`waiting`); the same form again changes nothing.

    `seen` is the key of the last message that the operator saw, 0 for none. Raises AppealChanged when the
    subscriber has written or withdrawn since, or another operator has answered.
    """
    appeal = appeal_locked(appeal_pk)
    said, key = said_by(appeal, form_key, text)
    if said:
        return appeal
    news = list(appeal.messages.filter(pk__gt=seen).exclude(author=AppealMessage.Author.NOTE))
    if news or appeal.state == State.WITHDRAWN:
        raise AppealChanged(appeal, sorted(news, key=lambda one: one.pk))
    message = _message(appeal, AppealMessage.Author.STAFF, actor, text, key, form_key)
    now, closes_on = timezone.now(), ""
    # Answered or asked back once more: how long the subscriber may take counts anew.
    appeal.state_since = now
    if outcome == "waiting":
        appeal.time_left = left_of(appeal, clock_of(appeal.centre), now)
        appeal.due_at, closes_on = None, long_day(waits_until(now))
    else:
        _answered(appeal)
    appeal.is_unread, appeal.has_news = True, False
    # What was not solved, or is answered once more, is asked about again.
    appeal.is_solved = (appeal.is_solved or None) if outcome == "done" else None
    appeal.locked_by = appeal.locked_until = None
    appeal.assigned_to = appeal.assigned_to or actor
    go_to(appeal, outcome, action="answer", actor=actor)
    notify_answered(appeal, message, closes_on=closes_on)
    return appeal


@transaction.atomic
def appeal_note(*, appeal_pk: int, actor: StaffUser, text: str, form_key: UUID) -> Appeal:
    """Add a note that operators alone see."""
    appeal = appeal_locked(appeal_pk)
    said, key = said_by(appeal, form_key, text)
    if said is None:
        _message(appeal, AppealMessage.Author.NOTE, actor, text, key, form_key)
        log(appeal, "note", actor)
    return appeal


@transaction.atomic
def appeal_transfer(
    *, appeal_pk: int, actor: StaffUser, centre: ServiceCentre | None, reason: str
) -> Appeal:
    """Give an appeal to another centre, free for its operators, who read the reason in a note.

    The term stays as promised.
    """
    appeal = appeal_locked(appeal_pk)
    before = str(appeal.centre or "")
    text = _("Передано: %(centre)s. %(reason)s") % {"centre": centre or _("всем"), "reason": reason}
    _message(appeal, AppealMessage.Author.NOTE, actor, text, uuid4())
    appeal.centre, appeal.assigned_to = centre, None
    appeal.locked_by = appeal.locked_until = None
    details = {"from": before, "to": str(centre or ""), "reason": reason}
    if appeal.state == State.IN_WORK:
        go_to(appeal, State.NEW, action="transfer", actor=actor, **details)
    else:
        appeal.save()
        log(appeal, "transfer", actor, **details)
    return appeal


def _answered(appeal: Appeal) -> None:
    """Stop the clock: of the first answer the figures count whether it came in time."""
    now = timezone.now()
    if appeal.answered_at is None:
        appeal.answered_at = now
        is_over = appeal.due_at is not None and now > appeal.due_at
        # Asked back when the term was over already.
        appeal.is_late = is_over or appeal.time_left == 0
    appeal.time_left = None


def _message(
    appeal: Appeal,
    author: str,
    actor: StaffUser,
    text: str,
    key: UUID,
    files_key: UUID | None = None,
) -> AppealMessage:
    return message_write(
        appeal,
        author=author,
        author_name=actor.shown_name,
        text=text,
        form_key=key,
        files_key=files_key,
    )
