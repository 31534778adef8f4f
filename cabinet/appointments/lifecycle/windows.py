"""Windows are taken and freed here, under locks.

In this order, so that nobody waits in a circle: the form, the row, the contact, the centre. In one
transaction no window is freed before another is taken: who holds the centre's lock may wait for the row.
"""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db.models import QuerySet
from django.utils import timezone

from cabinet.appointments.exceptions import BookingClosed, TooManyBookings
from cabinet.appointments.models import Appointment, AppointmentService, WaitingEntry
from cabinet.appointments.registry import appointment_settings, backend_of
from cabinet.appointments.selectors import contacts_known, same_contact, services_of
from cms_pages.models import ServiceCentre
from portal.connection import connection, current_schema
from portal.jobs import enqueue_on_commit

State = Appointment.State
MOST = 2  # of one contact, to come
OFFER_TASK = "cabinet.appointments.tasks.waiting_offer"


def lock(kind: str, *keys: object) -> None:
    """Wait for these locks, which are held until the transaction ends."""
    with connection.cursor() as cursor:
        for key in sorted({str(one) for one in keys}):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))",
                [f"{current_schema()}.appointments.{kind}", key],
            )


@contextmanager
def window_reserved(
    centre: ServiceCentre, service: AppointmentService | None, starts_at: datetime.datetime
) -> Iterator[str]:
    """Reserve in a remote queue system round a transaction, and give that up when it has taken nothing.

    Yields the reference for `window_take`; the portal's own queue does nothing here.
    """
    backend = backend_of()
    reference, is_taken = backend.reserve(centre, service, starts_at), False
    try:
        yield reference
        # A form that is sent again takes nothing.
        is_taken = not reference or Appointment.objects.filter(reference=reference).exists()
    finally:
        if not is_taken:
            backend.give_up(reference)


def window_take(
    appointment: Appointment,
    starts_at: datetime.datetime,
    *,
    reference: str = "",
    by_staff: bool = False,
) -> None:
    """Put an appointment, new or locked, into a window and save it. Raises WindowTaken, BookingClosed."""
    if not by_staff:
        _refuse_closed(appointment, starts_at)
    lock("centre", appointment.centre_id)
    here = Appointment.objects.filter(centre_id=appointment.centre_id).exclude(pk=appointment.pk)
    holds_end(here)
    backend_of().take(appointment, starts_at, reference=reference, by_staff=by_staff)


def window_freed(centre_pk: int) -> None:
    """Let whoever waits for an earlier window of this centre be offered it, after the commit."""
    waiting = (WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED)
    if WaitingEntry.objects.filter(centre_id=centre_pk, state__in=waiting).exists():
        enqueue_on_commit(OFFER_TASK, centre_pk)


def hold_end(held: Appointment) -> None:
    """End one hold, whose row is locked; the caller takes its window, or releases it."""
    held.state, held.state_since, held.held_until = State.EXPIRED, timezone.now(), None
    held.save(update_fields=["state", "state_since", "held_until"])


def holds_end(rows: QuerySet[Appointment]) -> None:
    """End those holds among these rows whose time is over; whoever waits is offered their windows.

    A row that somebody holds, who confirms it just now, is left to him.
    """
    over = rows.filter(state=State.HELD, held_until__lte=timezone.now())
    _expire(list(over.select_for_update(skip_locked=True, of=("self",))))


def _expire(held: list[Appointment]) -> None:
    """End these holds, whose rows are locked, and free their windows."""
    if not held:
        return
    Appointment.objects.filter(pk__in=[one.pk for one in held]).update(
        state=State.EXPIRED, state_since=timezone.now()
    )
    for one in held:
        if one.reference:
            backend_of().release(one)
    for centre_pk in {one.centre_id for one in held}:
        window_freed(centre_pk)


def contact_limit(appointment: Appointment, *, is_confirmed: bool = True) -> None:
    """Refuse one more appointment of a contact that has two to come; nobody else books for it meanwhile.

    Of unconfirmed holds the oldest goes. Only contacts that are known to be the person's own are counted,
    before a code none: nobody learns of the appointments of another's. Raises TooManyBookings.
    """
    keys = [appointment.phone, appointment.email, appointment.subscriber_id]
    if not any(keys):
        return
    lock("contact", *(one for one in keys if one))
    booked = 0
    if is_confirmed:
        to_come = _others(appointment, contacts_known(appointment))
        booked = to_come.filter(state=State.BOOKED, starts_at__gt=timezone.now()).count()
    if booked >= MOST:
        raise TooManyBookings
    # What is offered to who waits takes the place of his booking.
    others = _others(appointment, (appointment.phone, appointment.email))
    held = others.filter(state=State.HELD, held_until__gt=timezone.now())
    held = held.exclude(source=Appointment.Source.WAITING)
    free = held.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    holds = list(free)
    _expire(holds[: max(0, booked + len(holds) + 1 - MOST)])


def _others(appointment: Appointment, contacts: Collection[str]) -> QuerySet[Appointment]:
    """Return the other appointments of these contacts, and of the same login."""
    same = same_contact(contacts, appointment.subscriber_id)
    return Appointment.objects.filter(same).exclude(pk=appointment.pk)


def _refuse_closed(appointment: Appointment, starts_at: datetime.datetime) -> None:
    rules = appointment_settings()
    days = (timezone.localdate(starts_at) - timezone.localdate()).days
    is_known = (
        appointment.service in services_of(appointment.centre) if appointment.service else False
    )
    if not rules.is_on or not is_known or not 0 <= days <= rules.days_ahead:
        raise BookingClosed
