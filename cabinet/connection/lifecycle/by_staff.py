"""What operators do with an application: forward, register, ask for papers, go on, refuse, correct."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.connection.exceptions import ConnectionChanged
from cabinet.connection.lifecycle.notices import notify_asked, notify_state
from cabinet.connection.lifecycle.states import (
    WAY,
    WAY_PLACE,
    State,
    application_locked,
    go_to,
    log,
    state_write,
)
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, PaperRequest
from portal.jobs import job_restart
from portal.staff.models import StaffUser
from portal.uploads.services import uploads_attach

# Where `application_advance` leads; the others have functions of their own.
STEPS = (State.OFFERED, State.SIGNED, State.BUILDING, State.READY, State.DONE)


@dataclass(frozen=True)
class AskedPaper:
    """A paper to ask for, and what is wrong with it or why it is needed."""

    name: str
    text: str = ""


@transaction.atomic
def application_forwarded(*, application_pk: int, actor: StaffUser) -> ConnectionApplication:
    """Note that an operator has handed the application, or its new papers, to the recipient.

    Raises ConnectionChanged.
    """
    application = application_locked(application_pk)
    papers = application.papers.filter(kind=ConnectionPaper.Kind.PAPER, forwarded_at=None)
    if application.state == State.FORWARDED and not papers.exists():
        return application
    papers.update(forwarded_at=timezone.now())
    application.due_at = None
    application.error = ""
    if application.state in (State.FORWARDED, State.REGISTERED):
        application.save(update_fields=["due_at", "error"])
        log(application, "forward", actor)
        return application
    application.forwarded_at = timezone.now()
    go_to(application, State.FORWARDED, action="forward", actor=actor)
    notify_state(application)
    return application


@transaction.atomic
def application_send_again(*, application_pk: int, actor: StaffUser) -> ConnectionApplication:
    """Let the portal forward an application by the way that is set now. Raises ConnectionChanged."""
    application = application_locked(application_pk)
    if application.state not in (State.SUBMITTED, State.REGISTERED):
        raise ConnectionChanged(application)
    log(application, "send_again", actor)
    return job_restart(application)


@transaction.atomic
def application_register(
    *,
    application_pk: int,
    actor: StaffUser,
    recipient_number: str,
    registered_on: datetime.date,
    category: int | None = None,
    text: str = "",
) -> ConnectionApplication:
    """Enter the recipient's registration: the terms of law run from that day. Raises ConnectionChanged."""
    application = application_locked(application_pk)
    entered = (application.recipient_number, application.registered_on)
    if application.state == State.REGISTERED and entered == (recipient_number, registered_on):
        return application
    application.recipient_number = recipient_number
    application.registered_on = registered_on
    application.category = category or application.category
    if application.forwarded_at is None:
        application.forwarded_at = timezone.now()
    application.due_at = None
    go_to(
        application,
        State.REGISTERED,
        action="register",
        actor=actor,
        text=text,
        day=registered_on,
        recipient_number=recipient_number,
    )
    notify_state(application, text)
    return application


@transaction.atomic
def papers_ask(
    *, application_pk: int, actor: StaffUser, asked: Sequence[AskedPaper]
) -> ConnectionApplication:
    """Ask the applicant for papers; what is asked for already is not asked for twice.

    Raises ConnectionChanged.
    """
    application = application_locked(application_pk)
    waiting = set(application.requests.filter(answered_at=None).values_list("name", flat=True))
    new = [one for one in asked if one.name not in waiting]
    if not new:
        return application
    requests = [
        PaperRequest.objects.create(
            application=application, name=one.name, text=one.text, by_staff=actor.shown_name
        )
        for one in new
    ]
    if application.state == State.INCOMPLETE:
        application.is_unread = True
        application.save(update_fields=["is_unread"])
        log(application, "ask", actor, papers=len(new))
    else:
        application.due_at = None
        go_to(application, State.INCOMPLETE, action="ask", actor=actor, papers=len(new))
    notify_asked(application, requests)
    return application


@transaction.atomic
def application_advance(
    *,
    application_pk: int,
    actor: StaffUser,
    state: str,
    day: datetime.date,
    text: str = "",
    files: Sequence[UUID] = (),
    due_on: datetime.date | None = None,
) -> ConnectionApplication:
    """Move to one of STEPS, on a day, with a text and files for the applicant.

    `files`: keys of uploads of staff without an application. `due_on`: the term that the contract names,
    instead of the one of the records. The same form again changes nothing. Raises ConnectionChanged.
    """
    application = application_locked(application_pk)
    if application.state == state:
        return application
    if state not in STEPS:
        raise ConnectionChanged(application)
    go_to(application, state, action="advance", actor=actor, text=text, day=day)
    if due_on is not None:
        application.due_on = due_on
        application.save(update_fields=["due_on"])
    files_add(application, files)
    notify_state(application, text)
    return application


@transaction.atomic
def application_refuse(
    *, application_pk: int, actor: StaffUser, reason: str, day: datetime.date | None = None
) -> ConnectionApplication:
    """Write down that the recipient has refused, with the reason. Raises ConnectionChanged."""
    application = application_locked(application_pk)
    if application.state == State.REFUSED:
        return application
    application.due_at = None
    go_to(application, State.REFUSED, action="refuse", actor=actor, text=reason, day=day)
    notify_state(application, reason)
    return application


@transaction.atomic
def application_correct(
    *,
    application_pk: int,
    actor: StaffUser,
    reason: str,
    state: str = "",
    recipient_number: str = "",
    registered_on: datetime.date | None = None,
    day: datetime.date | None = None,
) -> ConnectionApplication:
    """Correct what was entered by mistake: the state, the recipient's number, the day.

    The audit log has both. A withdrawn application stays so: only its applicant could have meant it.
    Raises ConnectionChanged.
    """
    application = application_locked(application_pk)
    wanted = state or application.state
    if application.state in (State.DRAFT, State.WITHDRAWN):
        raise ConnectionChanged(application)
    if state and state not in WAY:
        raise ConnectionChanged(application)
    before = {
        "state_before": application.state,
        "number_before": application.recipient_number,
        "registered_before": str(application.registered_on or ""),
    }
    application.recipient_number = recipient_number or application.recipient_number
    application.registered_on = registered_on or application.registered_on
    if WAY_PLACE.get(wanted, len(WAY)) < WAY_PLACE[State.REGISTERED]:
        application.recipient_number, application.registered_on = "", None
    state_write(application, wanted, action="correct", actor=actor, text=reason, day=day, **before)
    notify_state(application, reason)
    return application


def files_add(application: ConnectionApplication, files: Sequence[UUID]) -> None:
    """Give an application the files that staff has uploaded."""
    if files:
        sent = ConnectionPaper.objects.filter(pk__in=files).exclude(by_staff="")
        uploads_attach(sent, application)
