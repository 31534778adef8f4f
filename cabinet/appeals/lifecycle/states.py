"""The states of an appeal: from what to what, and the only function that changes them."""

from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils import timezone

from cabinet.appeals.exceptions import AppealOver
from cabinet.appeals.models import Appeal, AppealFile, AppealMessage
from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note
from cms_pages.inbox.services import entries_follow_appeal
from portal.audit.services import audit_write
from portal.staff.models import StaffUser
from portal.uploads.services import uploads_attach

State = Appeal.State

_ANSWERS = frozenset({State.WAITING, State.ANSWERED, State.DONE})
ALLOWED: dict[str, frozenset[str]] = {
    State.NEW: _ANSWERS | {State.IN_WORK, State.WITHDRAWN},
    State.IN_WORK: _ANSWERS | {State.NEW, State.IN_WORK, State.WITHDRAWN},
    State.WAITING: _ANSWERS | {State.NEW, State.IN_WORK, State.WITHDRAWN},
    # Written again by the subscriber, or completed by the operator.
    State.ANSWERED: _ANSWERS | {State.NEW, State.IN_WORK},
    State.DONE: _ANSWERS | {State.NEW, State.IN_WORK},
    State.WITHDRAWN: frozenset(),
}
_OVER = (State.DONE, State.WITHDRAWN)
# What its writer may still do with it.
CAN_BE_WITHDRAWN = (State.NEW, State.IN_WORK, State.WAITING)
CAN_BE_RATED = (State.ANSWERED, State.DONE)


def appeal_locked(appeal_pk: int, **mine: Any) -> Appeal:
    """Return the appeal, locked until the transaction ends. Raises Appeal.DoesNotExist."""
    appeal: Appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_pk, **mine)
    return appeal


def go_to(
    appeal: Appeal, state: str, *, action: str, actor: StaffUser | None = None, **details: Any
) -> None:
    """Change the state of a locked appeal, with audit row and the note for billing. Raises AppealOver."""
    before, now = appeal.state, timezone.now()
    if state not in ALLOWED[before]:
        raise AppealOver
    if state != before:
        appeal.state, appeal.state_since = state, now
    appeal.closed_at = now if state in _OVER else None
    appeal.save()
    if state != before:
        outgoing_note(Kind.APPEALS, [appeal.pk])
    if actor and appeal.source == Appeal.Source.SITE and state in (*_ANSWERS, State.IN_WORK):
        is_answered = state in _ANSWERS
        by = actor.shown_name
        entries_follow_appeal(appeal_number=appeal.pk, is_answered=is_answered, by=by)
    log(appeal, action, actor, before=before, state=state, **details)


def log(appeal: Appeal, action: str, actor: StaffUser | None, **details: Any) -> None:
    audit_write(actor=actor, action=f"appeal.{action}", subject=appeal, details=details)


def said_by(appeal: Appeal, form_key: UUID, text: str) -> tuple[AppealMessage | None, UUID]:
    """Return what this form has written already, and the key to write by.

    A page that «Back» has brought up again may send another text: that is a message of its own.
    """
    for key in (form_key, uuid5(form_key, f"{appeal.pk}:{text}")):
        found: AppealMessage | None = AppealMessage.objects.filter(form_key=key).first()
        if found is None or (found.appeal_id, found.text) == (appeal.pk, text):
            break
    return found, key


def message_write(
    appeal: Appeal,
    *,
    author: str,
    author_name: str,
    text: str,
    form_key: UUID,
    files_key: UUID | None = None,
    subscriber_id: UUID | None = None,
) -> AppealMessage:
    """Add a message to a locked appeal, with the files of its form; `files_key` where that is another."""
    message: AppealMessage = AppealMessage.objects.create(
        appeal=appeal, author=author, author_name=author_name, text=text, form_key=form_key
    )
    by_staff = author != AppealMessage.Author.SUBSCRIBER
    files_key = files_key or form_key
    taken = files_take(appeal, files_key, subscriber_id=subscriber_id, by_staff=by_staff)
    if taken:
        is_internal = author == AppealMessage.Author.NOTE
        AppealFile.objects.filter(pk__in=taken).update(message=message, is_internal=is_internal)
    return message


def files_take(
    appeal: Appeal, form_key: UUID, *, subscriber_id: UUID | None, by_staff: bool = False
) -> list[UUID]:
    """Attach the files that its writer has sent with a form; return their keys."""
    sent = AppealFile.objects.filter(form_key=form_key, appeal=None)
    writers = Q(by_staff="", subscriber_id=subscriber_id)
    mine = sent.exclude(by_staff="") if by_staff else sent.filter(writers)
    taken = list(mine.values_list("pk", flat=True))
    if taken:
        uploads_attach(AppealFile.objects.filter(pk__in=taken), appeal)
    return taken
