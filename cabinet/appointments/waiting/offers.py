"""Free windows are offered to those who wait, first come first served, each for a while.

An offer is a held window, so nobody else gets it meanwhile. The entry's row is locked before those of
appointments. What a killed worker leaves is found by the sweep: an offer and its message are one transaction.
"""

import datetime
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.appointments.base import Window
from cabinet.appointments.consents import consent_move
from cabinet.appointments.exceptions import (
    AppointmentOver,
    BookingClosed,
    TooManyBookings,
    WindowTaken,
)
from cabinet.appointments.lifecycle.confirming import appointment_book
from cabinet.appointments.lifecycle.holding import number_new
from cabinet.appointments.lifecycle.states import appointment_locked
from cabinet.appointments.lifecycle.swapping import appointment_swap
from cabinet.appointments.lifecycle.windows import (
    OFFER_TASK,
    contact_limit,
    hold_end,
    window_freed,
    window_reserved,
    window_take,
)
from cabinet.appointments.models import Appointment, AppointmentSettings, WaitingEntry
from cabinet.appointments.registry import appointment_settings, backend_of
from cabinet.appointments.waiting.notices import notify_offered
from portal.audit.services import audit_write
from portal.jobs import enqueue_on_commit
from portal.messaging.quiet import quiet_until
from portal.secrets import new_secret, secret_hash
from portal.staff.models import StaffUser
from tenants.models import GasCompany
from tenants.selectors import current_company

State = WaitingEntry.State
# Windows that one person is offered before he has to join anew: he does not come anyway.
MOST_OFFERS = 5
# Less time to answer is no offer.
SHORTEST = datetime.timedelta(minutes=15)


class _Busy(Exception):
    """Somebody else works on the entry, or it waits no longer."""


class OfferOver(Exception):
    """The window is no longer offered: the time to accept it has passed, or it was answered before."""


@dataclass(frozen=True)
class Accepted:
    """The booking that an offer has become, and the secret of its link."""

    appointment: Appointment
    secret: str


@dataclass
class _Free:
    """Free windows of one centre, asked for once a service."""

    rules: AppointmentSettings
    entries: list[WaitingEntry]
    _known: dict[int, list[Window]] = field(default_factory=dict)

    def windows(self, entry: WaitingEntry) -> list[Window]:
        """Return the windows of the entry's service that were free, in order."""
        if entry.service_id not in self._known:
            same = [one for one in self.entries if one.service_id == entry.service_id]
            first = min(one.first_day for one in same)
            last = max(one.last_day for one in same)
            found = backend_of(self.rules).free_windows(entry.centre, entry.service, first, last)
            self._known[entry.service_id] = found
        return self._known[entry.service_id]


def waiting_sweep() -> None:
    """Offer what is free in each centre where somebody waits: new days, and what a lost task has left."""
    waiting = WaitingEntry.objects.filter(state__in=(State.WAITING, State.OFFERED))
    for centre_pk in waiting.order_by("centre_id").values_list("centre_id", flat=True).distinct():
        waiting_offer(centre_pk)


def waiting_offer(centre_pk: int) -> int:
    """Offer the free windows of a centre to those who wait there; return the number of offers."""
    offers_pass(centre_pk)
    rules, company = appointment_settings(), current_company()
    # Nobody could answer while the pages of a company are closed.
    if not rules.is_on or company is None or company.status != GasCompany.Status.ACTIVE:
        return 0
    rows = _entries().filter(centre_id=centre_pk, state=State.WAITING)
    entries = [one for one in rows.order_by("created_at", "pk") if not _ended(one)]
    free = _Free(rules, entries)
    return sum(_offer_one(entry, free) for entry in entries)


def offers_pass(centre_pk: int) -> None:
    """Take back the offers of a centre whose time is over, and let those who had them wait on."""
    now = timezone.now()
    offered = WaitingEntry.objects.filter(centre_id=centre_pk, state=State.OFFERED)
    open_ = offered.filter(
        offered__state=Appointment.State.HELD, offered__held_until__gt=now
    ).values("pk")
    for pk in list(offered.exclude(pk__in=open_).values_list("pk", flat=True)):
        with transaction.atomic():
            entry = _locked(pk)
            if entry and entry.state == State.OFFERED and offer_open(entry) is None:
                _give_back(entry, "pass")


def offer_open(entry: WaitingEntry) -> Appointment | None:
    """Return the window that is offered to the entry and can be accepted now."""
    window = entry.offered
    if entry.state != State.OFFERED or window is None:
        return None
    is_held = window.state == Appointment.State.HELD
    in_time = window.held_until is not None and window.held_until > timezone.now()
    return window if is_held and in_time else None


def offer_accept(*, entry_pk: int, window_pk: int) -> Accepted:
    """Accept the offered window; the booking that it replaces gives up its own in the same transaction.

    Raises OfferOver, and TooManyBookings for who has booked elsewhere meanwhile.
    """
    with transaction.atomic():
        entry, window = _answered(entry_pk, window_pk)
        try:
            if entry.appointment_id:
                appointment = appointment_locked(entry.appointment_id)
                secret = appointment_swap(appointment, window)
            else:
                secret = appointment_book(appointment_pk=window.pk)
                appointment = window
                consent_move(entry.form_key, window.form_key)
        except (AppointmentOver, WindowTaken, BookingClosed) as error:
            raise OfferOver from error
        entry.state = State.ACCEPTED
        entry.save(update_fields=["state"])
        _log(entry, "accept", number=appointment.number)
    return Accepted(appointment, secret)


def offer_decline(*, entry_pk: int, window_pk: int) -> WaitingEntry:
    """Let the next have the offered window, and wait on. Raises OfferOver."""
    with transaction.atomic():
        entry, _window = _answered(entry_pk, window_pk)
        _give_back(entry, "decline")
    return entry


@transaction.atomic
def waiting_leave(*, entry_pk: int, actor: StaffUser | None = None) -> None:
    """Leave the list; what was offered goes to the next. Again it changes nothing."""
    entry = _locked(entry_pk)
    if entry is None or entry.state not in (State.WAITING, State.OFFERED):
        return
    if entry.state == State.OFFERED:
        _give_back(entry, "decline")
    entry.state = State.LEFT
    entry.save(update_fields=["state"])
    _log(entry, "leave", actor)


def _entries() -> QuerySet[WaitingEntry]:
    return WaitingEntry.objects.select_related("centre", "service", "appointment", "offered")


def _locked(pk: int, *, skip: bool = False) -> WaitingEntry | None:
    rows = _entries().select_for_update(of=("self",), skip_locked=skip)
    entry: WaitingEntry | None = rows.filter(pk=pk).first()
    return entry


def _answered(entry_pk: int, window_pk: int) -> tuple[WaitingEntry, Appointment]:
    """Return the entry and the window that is offered to it, both locked. Raises OfferOver."""
    entry = _locked(entry_pk)
    if entry is None or entry.offered_id != window_pk:
        raise OfferOver
    entry.offered = appointment_locked(window_pk)
    window = offer_open(entry)
    if window is None:
        raise OfferOver
    return entry, window


def _give_back(entry: WaitingEntry, action: str) -> None:
    """Free what was offered to a locked entry; whoever had his last offer waits no longer."""
    if entry.offered_id:
        window = appointment_locked(entry.offered_id)
        if window.state == Appointment.State.HELD:
            hold_end(window)
            backend_of().release(window)
    entry.offered = None
    entry.state = State.WAITING if len(entry.seen) < MOST_OFFERS else State.OVER
    entry.save(update_fields=["offered", "state"])
    _log(entry, action)
    window_freed(entry.centre_id)
    enqueue_on_commit(OFFER_TASK, entry.centre_id)


def _ended(entry: WaitingEntry) -> bool:
    """Return whether nothing can be offered any more, and note it: the days or the booking are over."""
    booking = entry.appointment
    is_booked = booking is None or (
        booking.state == Appointment.State.BOOKED and booking.starts_at > timezone.now()
    )
    if is_booked and entry.last_day >= timezone.localdate():
        return False
    with transaction.atomic():
        locked = _locked(entry.pk)
        if locked and locked.state == State.WAITING:
            locked.state = State.OVER
            locked.save(update_fields=["state"])
            _log(locked, "over")
    return True


def _offer_one(entry: WaitingEntry, free: _Free) -> bool:
    """Offer an entry the first free window that suits it; return whether there was one."""
    windows = free.windows(entry)
    for window in list(windows):
        until = _reply_until(window, free.rules)
        if until is None or not _suits(entry, window):
            continue
        try:
            with window_reserved(entry.centre, entry.service, window.starts_at) as reference:
                _hold(entry.pk, window, until, reference)
        except (WindowTaken, BookingClosed):
            windows.remove(window)
        except (TooManyBookings, _Busy):
            return False
        else:
            return True
    return False


@transaction.atomic
def _hold(pk: int, window: Window, until: datetime.datetime, reference: str) -> None:
    """Hold a window for an entry and offer it.

    Raises WindowTaken, BookingClosed, _Busy, and TooManyBookings for who could not accept it.
    """
    entry = _locked(pk, skip=True)
    if entry is None or entry.state != State.WAITING:
        raise _Busy
    held = Appointment(
        form_key=uuid4(),
        number=number_new(),
        state=Appointment.State.HELD,
        source=Appointment.Source.WAITING,
        centre=entry.centre,
        service=entry.service,
        service_name=entry.service.name,
        subscriber_id=entry.subscriber_id,
        contact_name=entry.contact_name,
        phone=entry.phone,
        email=entry.email,
        held_until=until,
    )
    if entry.appointment_id is None:
        contact_limit(held)
    window_take(held, window.starts_at, reference=reference)
    secret = new_secret()
    entry.offered, entry.state, entry.link_hash = held, State.OFFERED, secret_hash(secret)
    entry.seen = [*entry.seen, window.starts_at]
    entry.save(update_fields=["offered", "state", "link_hash", "seen"])
    _log(entry, "offer", starts_at=window.starts_at.isoformat())
    notify_offered(entry, held, secret, is_last=len(entry.seen) >= MOST_OFFERS)


def _suits(entry: WaitingEntry, window: Window) -> bool:
    day = timezone.localdate(window.starts_at)
    is_new = window.starts_at not in entry.seen and window.starts_at not in entry.known
    if not entry.first_day <= day <= entry.last_day or not is_new:
        return False
    return entry.appointment is None or window.starts_at < entry.appointment.starts_at


def _reply_until(window: Window, rules: AppointmentSettings) -> datetime.datetime | None:
    """Return until when a window can be accepted; None where nobody could answer in time.

    At night the time begins in the morning, when messages may be written again.
    """
    now = timezone.now()
    begins = quiet_until(now) or now
    last = window.starts_at - datetime.timedelta(minutes=rules.notice_minutes)
    if last < begins + SHORTEST:
        return None
    return min(begins + datetime.timedelta(minutes=rules.offer_minutes), last)


def _log(
    entry: WaitingEntry, action: str, actor: StaffUser | None = None, **details: object
) -> None:
    about = {"centre": entry.centre.name, "service": entry.service.name, **details}
    audit_write(actor=actor, action=f"waiting.{action}", subject=entry, details=about)
