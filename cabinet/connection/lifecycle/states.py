"""The states of an application: from what to what, and the only function that changes them."""

import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cabinet.connection.exceptions import ConnectionChanged
from cabinet.connection.lifecycle.terms import due_of
from cabinet.connection.models import ConnectionApplication, ConnectionEvent
from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note
from portal.audit.services import audit_write
from portal.staff.models import StaffUser

State = ConnectionApplication.State

# The way of an application that nothing stops, in its order.
WAY = (
    *(State.SUBMITTED, State.FORWARDED, State.REGISTERED, State.OFFERED, State.SIGNED),
    *(State.BUILDING, State.READY, State.DONE),
)
WAY_PLACE = {str(one): place for place, one in enumerate(WAY)}
_BROKEN_OFF = frozenset({State.REFUSED, State.WITHDRAWN})
ALLOWED: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: _BROKEN_OFF | {State.INCOMPLETE, State.FORWARDED, State.REGISTERED},
    # When all is answered it comes back to where it was.
    State.INCOMPLETE: _BROKEN_OFF | {State.SUBMITTED, State.REGISTERED},
    State.FORWARDED: _BROKEN_OFF | {State.INCOMPLETE, State.REGISTERED},
    State.REGISTERED: _BROKEN_OFF | {State.INCOMPLETE, State.OFFERED},
    State.OFFERED: _BROKEN_OFF | {State.SIGNED},
    State.SIGNED: frozenset({State.BUILDING, State.READY, State.REFUSED}),
    State.BUILDING: frozenset({State.READY, State.REFUSED}),
    State.READY: frozenset({State.DONE, State.REFUSED}),
    State.DONE: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
# What waits for the company, the recipient or the applicant.
OPEN = tuple(one for one in State if one != State.DRAFT and ALLOWED[one])
ENDED = tuple(one for one in State if not ALLOWED[one])
# A signed contract is ended by its own rules.
CAN_BE_WITHDRAWN = tuple(one for one in OPEN if State.WITHDRAWN in ALLOWED[one])


def is_late() -> Q:
    """Return the condition of an application over the term of its step."""
    return Q(state__in=OPEN, due_on__lt=timezone.localdate())


def application_locked(application_pk: int, *conditions: Q) -> ConnectionApplication:
    """Return the application, locked until the transaction ends.

    Raises ConnectionApplication.DoesNotExist.
    """
    rows = ConnectionApplication.objects.select_for_update(of=("self",))
    application: ConnectionApplication = rows.get(*conditions, pk=application_pk)
    return application


def go_to(
    application: ConnectionApplication,
    state: str,
    *,
    action: str,
    actor: StaffUser | None = None,
    text: str = "",
    day: datetime.date | None = None,
    **details: Any,
) -> None:
    """Change the state of a locked application, with its event, audit row and the note for the exchange.

    `day` is when it happened, today if it is not said. Raises ConnectionChanged.
    """
    before = application.state
    if state not in ALLOWED[before]:
        raise ConnectionChanged(application)
    state_write(
        application, state, action=action, actor=actor, text=text, day=day, before=before, **details
    )


def state_write(
    application: ConnectionApplication,
    state: str,
    *,
    action: str,
    actor: StaffUser | None = None,
    text: str = "",
    day: datetime.date | None = None,
    **details: Any,
) -> None:
    """Set a state, whatever it was: `go_to` and a correction alone call it."""
    happened_on = day or timezone.localdate()
    application.state, application.state_since = state, timezone.now()
    application.due_on = due_of(application, happened_on)
    application.forgotten_at = None
    if actor is not None:
        application.is_unread = True
    application.save()
    ConnectionEvent.objects.create(
        application=application,
        state=state,
        text=text,
        by_staff=actor.shown_name if actor else "",
        happened_on=happened_on,
    )
    outgoing_note(Kind.APPLICATIONS, [application.pk])
    log(application, action, actor, state=state, **details)


def log(
    application: ConnectionApplication, action: str, actor: StaffUser | None, **details: Any
) -> None:
    """Write the audit row. It stays for good, so nothing that somebody typed is among its details."""
    audit_write(actor=actor, action=f"connection.{action}", subject=application, details=details)
