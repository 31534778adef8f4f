"""What the writer of an appeal does with it: asks further, withdraws, rates, reads."""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appeals.exceptions import AppealOver
from cabinet.appeals.lifecycle.clock import clock_of, due_of
from cabinet.appeals.lifecycle.notices import notices_read
from cabinet.appeals.lifecycle.states import (
    CAN_BE_RATED,
    CAN_BE_WITHDRAWN,
    State,
    appeal_locked,
    go_to,
    log,
    message_write,
    said_by,
)
from cabinet.appeals.models import OPEN, Appeal, AppealMessage


@transaction.atomic
def appeal_ask(*, appeal_pk: int, subscriber_id: UUID, text: str, form_key: UUID) -> Appeal:
    """Take a further question, or the answer to a question back: the company has to answer again.

    Raises Appeal.DoesNotExist for somebody else's, AppealOver for a withdrawn one.
    """
    appeal = appeal_locked(appeal_pk, subscriber_id=subscriber_id)
    said, key = said_by(appeal, form_key, text)
    if said:
        return appeal
    if appeal.state == State.WITHDRAWN:
        raise AppealOver
    _message(appeal, text, key, form_key)
    appeal.is_solved = None
    _reopen(appeal, "ask")
    return appeal


@transaction.atomic
def appeal_withdraw(*, appeal_pk: int, subscriber_id: UUID) -> Appeal:
    """Withdraw an appeal that is not answered yet. Raises AppealOver."""
    appeal = appeal_locked(appeal_pk, subscriber_id=subscriber_id)
    if appeal.state == State.WITHDRAWN:
        return appeal
    if appeal.state not in CAN_BE_WITHDRAWN:
        raise AppealOver
    appeal.due_at = appeal.time_left = None
    appeal.is_unread = appeal.has_news = False
    appeal.locked_by = appeal.locked_until = None
    go_to(appeal, State.WITHDRAWN, action="withdraw")
    return appeal


@transaction.atomic
def appeal_rate(
    *,
    appeal_pk: int,
    subscriber_id: UUID,
    is_solved: bool,
    mark: int | None = None,
    comment: str = "",
) -> Appeal:
    """Note whether an answer has solved it, and the mark. What is not solved comes back to the company.

    Raises AppealOver for one that is not answered.
    """
    appeal = appeal_locked(appeal_pk, subscriber_id=subscriber_id)
    if not is_solved and appeal.is_solved is False and appeal.state in OPEN:
        return appeal  # the same form again
    if appeal.state not in CAN_BE_RATED:
        raise AppealOver
    rated = (is_solved, mark, comment)
    if (appeal.is_solved, appeal.mark, appeal.mark_comment) == rated and is_solved:
        return appeal
    appeal.is_solved, appeal.mark, appeal.mark_comment = rated
    if is_solved:
        go_to(appeal, State.DONE, action="rate", is_solved=True, mark=mark)
    else:
        _message(appeal, comment or _("Вопрос не решён."), uuid4())
        _reopen(appeal, "rate", is_solved=False, mark=mark)
    return appeal


@transaction.atomic
def appeal_read(*, appeal_pk: int, subscriber_id: UUID) -> None:
    """Note that the writer has seen all that was answered; the bell no longer counts it."""
    appeal = appeal_locked(appeal_pk, subscriber_id=subscriber_id)
    if appeal.is_unread:
        appeal.is_unread = False
        appeal.save(update_fields=["is_unread"])
    notices_read(appeal)


def _message(appeal: Appeal, text: str, key: UUID, files_key: UUID | None = None) -> None:
    message_write(
        appeal,
        author=AppealMessage.Author.SUBSCRIBER,
        author_name=appeal.contact_name,
        text=text,
        form_key=key,
        files_key=files_key,
        subscriber_id=appeal.subscriber_id,
    )


def _reopen(appeal: Appeal, action: str, **details: Any) -> None:
    """Bring an appeal back to the company: the clock goes on, or begins anew after an answer."""
    now = timezone.now()
    appeal.has_news = True
    if appeal.state in OPEN:
        appeal.save()
        log(appeal, action, None, **details)
        return
    clock = clock_of(appeal.centre)
    if appeal.state == State.WAITING:
        appeal.due_at = clock.add(now, appeal.time_left or 0)
    else:
        appeal.due_at = due_of(appeal.term, appeal.term_unit, clock, now)
    appeal.time_left = None
    state = State.IN_WORK if appeal.assigned_to_id else State.NEW
    go_to(appeal, state, action=action, **details)
