"""What an applicant does with an application: submits, answers requests, withdraws, reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.connection.checklist import papers_missing
from cabinet.connection.exceptions import ApplicationIncomplete, ConnectionChanged, ConnectionOff
from cabinet.connection.forwarding.letters import withdrawal_write
from cabinet.connection.lifecycle.notices import notices_read, notify_state, notify_submitted
from cabinet.connection.lifecycle.states import (
    CAN_BE_WITHDRAWN,
    State,
    application_locked,
    go_to,
    log,
)
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, ConnectionSettings
from cabinet.connection.set_up.selectors import connection_settings
from portal.jobs import job_restart
from portal.secrets import free_number
from portal.staff.models import StaffUser
from portal.uploads.services import uploads_attach
from tenants.selectors import company_entered


@dataclass(frozen=True)
class Copies:
    """What lists, search and messages need of the answers."""

    applicant_name: str
    phone: str
    email: str = ""
    address: str = ""
    cadastral_number: str = ""
    flow: Decimal | None = None


@transaction.atomic
def application_submit(*, application_pk: int, copies: Copies) -> ConnectionApplication:
    """Submit a draft: it gets its number, and goes to the recipient. The same form again changes nothing.

    Raises ApplicationIncomplete with what is missing, ConnectionOff.
    """
    application = application_locked(application_pk)
    if application.state != State.DRAFT:
        return application
    settings = connection_settings()
    if not settings.is_on:
        raise ConnectionOff
    if missing := papers_missing(application):
        raise ApplicationIncomplete([one.name for one in missing])
    for name, value in vars(copies).items():
        setattr(application, name, value)
    application.number = free_number(ConnectionApplication.objects.all())
    application.submitted_at = timezone.now()
    application.recipient = settings.recipient
    application.code_hash, application.code_expires_at = "", None
    go_to(application, State.SUBMITTED, action="submit")
    notify_submitted(application)
    forwarding_begin(application, settings)
    return application


@transaction.atomic
def papers_answer(
    *, application_pk: int, files: Mapping[int, Sequence[UUID]]
) -> ConnectionApplication:
    """Take files for requests of papers; when all are answered, the application goes on.

    `files`: by request, the keys of stored uploads that have no application yet. Raises ConnectionChanged
    where nothing is asked for.
    """
    application = application_locked(application_pk)
    if application.state != State.INCOMPLETE:
        raise ConnectionChanged(application)
    waiting = application.requests.filter(answered_at=None)
    for request in waiting.filter(pk__in=files):
        sent = ConnectionPaper.objects.filter(pk__in=files[request.pk], kind="paper")
        if not uploads_attach(sent, application):
            continue
        ConnectionPaper.objects.filter(pk__in=files[request.pk], application=application).update(
            request=request, title=request.name
        )
        request.answered_at = timezone.now()
        request.save(update_fields=["answered_at"])
        log(application, "answer", None, request=request.pk)
    if not waiting.exists():
        state = State.REGISTERED if application.registered_on else State.SUBMITTED
        go_to(application, state, action="complete")
        forwarding_begin(application, connection_settings())
    return application


@transaction.atomic
def application_withdraw(
    *, application_pk: int, actor: StaffUser | None = None, reason: str = ""
) -> ConnectionApplication:
    """Withdraw an application, by its applicant or by an operator for him. Raises ConnectionChanged."""
    application = application_locked(application_pk)
    if application.state == State.WITHDRAWN:
        return application
    if application.state not in CAN_BE_WITHDRAWN:
        raise ConnectionChanged(application)
    withdrawal_enter(application, action="withdraw", actor=actor, text=reason)
    if actor is not None:
        notify_state(application, reason)
    return application


@transaction.atomic
def application_read(*, application: ConnectionApplication) -> None:
    """Note that the applicant has seen all news; the bell no longer counts them.

    The row is locked only where something is unread: the page opens right after the form was sent, and a
    worker that is to forward the application would skip a locked row until the next sweep.
    """
    unread = ConnectionApplication.objects.filter(pk=application.pk, is_unread=True)
    unread.update(is_unread=False)
    notices_read(application)


def forwarding_begin(application: ConnectionApplication, settings: ConnectionSettings) -> None:
    """Let a worker forward a saved application; by hand, it waits on the desk."""
    if settings.way != ConnectionSettings.Way.HAND:
        job_restart(application)


def withdrawal_enter(application: ConnectionApplication, **event: Any) -> None:
    """End a locked application, and write that to a recipient who has it by letter."""
    settings = connection_settings()
    application.due_at = None
    go_to(application, State.WITHDRAWN, **event)
    if settings.way == ConnectionSettings.Way.MAIL and (
        application.forwarded_at or application.letters_at
    ):
        withdrawal_write(application, settings, company_entered())
