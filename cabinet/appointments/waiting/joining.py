"""Joining the waiting list: a guest confirms a contact by a code, who is known joins at once.

All that changes an entry holds its row's lock; a person's entries are counted under a lock of the contact.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cabinet.appointments.consents import consents_forget
from cabinet.appointments.exceptions import CodeTooSoon
from cabinet.appointments.lifecycle.windows import OFFER_TASK, lock
from cabinet.appointments.models import Appointment, AppointmentService, WaitingEntry
from cabinet.appointments.selectors import contacts_known, days_free, same_contact
from cabinet.appointments.waiting.notices import notify_code, notify_joined
from cms_pages.models import ServiceCentre
from portal.audit.services import audit_write
from portal.jobs import enqueue_on_commit
from portal.secrets import RESEND_AFTER, CodeWrong, new_secret, secret_hash

MOST_ENTRIES = 2
# After the last day: for questions why nothing came.
STORED_FOR = datetime.timedelta(days=30)
# An entry that nobody has confirmed may name a stranger's contact.
FORGET_AFTER = datetime.timedelta(days=1)

State = WaitingEntry.State
ACTIVE = (State.WAITING, State.OFFERED)


class TooManyEntries(Exception):
    """The contact waits in as many places as one may."""


class NothingToWaitFor(Exception):
    """The booking has begun or was cancelled, or all the days have passed."""


class AlreadyJoined(Exception):
    """The entry was confirmed before, by the same form sent twice."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """For what and between which days somebody waits."""

    centre: ServiceCentre
    service: AppointmentService
    first_day: datetime.date
    last_day: datetime.date


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who waits: a subscriber, or a guest with one contact."""

    contact_name: str = ""
    phone: str = ""
    email: str = ""
    subscriber_id: UUID | None = None

    @classmethod
    def of(cls, appointment: Appointment) -> "Who":
        return cls(
            contact_name=appointment.contact_name,
            phone=appointment.phone,
            email=appointment.email,
            subscriber_id=appointment.subscriber_id,
        )


@transaction.atomic
def waiting_ask(*, form_key: UUID, wish: Wish, who: Who) -> WaitingEntry:
    """Store a guest's wish and send its code; the same form again changes the wish, until it is confirmed.

    How often the contact waits already is said to who has confirmed it. Raises AlreadyJoined for an entry
    that was confirmed.
    """
    _contact_lock(who)
    entry = WaitingEntry.objects.select_for_update().filter(form_key=form_key).first()
    if entry and entry.state != State.UNCONFIRMED:
        raise AlreadyJoined
    before = (entry.phone, entry.email) if entry else None
    entry = entry or WaitingEntry(form_key=form_key, state=State.UNCONFIRMED)
    _fill(entry, wish, who)
    entry.save()
    if before != (entry.phone, entry.email) or entry.code_sent_at is None:
        _code_send(entry)
    return entry


def waiting_code_send(*, entry_pk: int) -> None:
    """Send a new code. Raises CodeTooSoon, or AlreadyJoined for an entry that was confirmed."""
    with transaction.atomic():
        entry = WaitingEntry.objects.select_for_update().get(pk=entry_pk)
        if entry.state != State.UNCONFIRMED:
            raise AlreadyJoined
        if entry.code_sent_at and entry.code_sent_at > timezone.now() - RESEND_AFTER:
            raise CodeTooSoon
        _code_send(entry)


def waiting_confirm(*, entry_pk: int, code: str) -> str:
    """Put a guest into the list by his code; return the secret of his link.

    Raises CodeSpent, TooManyEntries, AlreadyJoined and, counted, CodeWrong.
    """
    entry = WaitingEntry.objects.select_related("centre", "service").get(pk=entry_pk)
    known = _free_now(entry.centre, entry.service, entry.first_day, entry.last_day)
    with transaction.atomic():
        _contact_lock(Who(phone=entry.phone, email=entry.email))
        entry = WaitingEntry.objects.select_for_update().get(pk=entry_pk)
        if entry.state != State.UNCONFIRMED:
            raise AlreadyJoined
        secret = ""
        if entry.code_check(code):
            _refuse_third((entry.phone, entry.email))
            secret = _admit(entry, known)
    if not secret:  # after the commit, so that the try is counted
        raise CodeWrong(entry.code_tries_left)
    return secret


def waiting_join(
    *, form_key: UUID, wish: Wish, who: Who, appointment: Appointment | None = None
) -> tuple[WaitingEntry, str]:
    """Put somebody who is known into the list: by a login, or by the link of a booking to come.

    Return the entry and the secret of its link, which is empty when the same form came before. Who waits
    for an earlier window than a booking already changes the days. Raises TooManyEntries and
    NothingToWaitFor.
    """
    known = _free_now(wish.centre, wish.service, wish.first_day, wish.last_day)
    with transaction.atomic():
        _contact_lock(who)
        entry = WaitingEntry.objects.filter(form_key=form_key).first()
        if entry:
            return entry, ""
        entry = _of_booking(appointment) if appointment else None
        if entry is None:
            contacts = contacts_known(appointment) if appointment else (who.phone, who.email)
            _refuse_third(contacts, who.subscriber_id)
            entry = WaitingEntry(form_key=form_key, appointment=appointment)
        _fill(entry, wish, who)
        return entry, _admit(entry, known)


def entries_forget() -> int:
    """Delete what nobody has confirmed within a day, and what is long over; return the number of rows."""
    unconfirmed = Q(state=State.UNCONFIRMED, created_at__lt=timezone.now() - FORGET_AFTER)
    over = ~Q(state__in=ACTIVE) & Q(last_day__lt=timezone.localdate() - STORED_FOR)
    gone = WaitingEntry.objects.filter(unconfirmed | over)
    with transaction.atomic():
        # What somebody confirms just now is left to him, with its consent.
        rows = gone.select_for_update(skip_locked=True, of=("self",)).values_list("pk", "form_key")
        keys = dict(rows)
        consents_forget(keys.values())
        return WaitingEntry.objects.filter(pk__in=keys).delete()[0]


def _free_now(
    centre: ServiceCentre, service: AppointmentService, first: datetime.date, last: datetime.date
) -> list[datetime.datetime]:
    """Return what is free now, which does not suit. Before a transaction: it may ask another system."""
    days = days_free(centre, service, first, last)
    return [window.starts_at for day in days for window in day.windows]


def _of_booking(appointment: Appointment) -> WaitingEntry | None:
    """Return the entry that waits for an earlier window already. Raises NothingToWaitFor.

    The entry is locked before the booking, as where an offer is accepted.
    """
    waiting = appointment.waiting.filter(state__in=ACTIVE)
    entry: WaitingEntry | None = waiting.select_for_update(of=("self",)).first()
    locked = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if locked.state != Appointment.State.BOOKED or locked.starts_at <= timezone.now():
        raise NothingToWaitFor
    return entry


def _fill(entry: WaitingEntry, wish: Wish, who: Who) -> None:
    entry.centre, entry.service = wish.centre, wish.service
    entry.first_day, entry.last_day = wish.first_day, wish.last_day
    entry.contact_name, entry.subscriber_id = who.contact_name, who.subscriber_id
    entry.phone, entry.email = who.phone, who.email


def _admit(entry: WaitingEntry, known: list[datetime.datetime]) -> str:
    """Let the entry wait, with a new link; offers begin after the commit."""
    secret = new_secret()
    entry.known = known
    entry.link_hash = secret_hash(secret)
    entry.code_hash, entry.code_expires_at = "", None
    if entry.state != State.OFFERED:
        entry.state = State.WAITING
    entry.save()
    details = {"centre": entry.centre.name, "service": entry.service.name}
    audit_write(actor=None, action="waiting.join", subject=entry, details=details)
    notify_joined(entry, secret)
    enqueue_on_commit(OFFER_TASK, entry.centre_id)
    return secret


def _code_send(entry: WaitingEntry) -> None:
    code = entry.code_renew()
    entry.code_sent_at = timezone.now()
    entry.save()
    notify_code(entry, code)


def _refuse_third(contacts: tuple[str, ...], subscriber_id: UUID | None = None) -> None:
    mine = WaitingEntry.objects.filter(same_contact(contacts, subscriber_id), state__in=ACTIVE)
    if mine.count() >= MOST_ENTRIES:
        raise TooManyEntries


def _contact_lock(who: Who) -> None:
    """Let one transaction at a time count the entries of a contact; before any row is locked."""
    lock("waiting", *(one for one in (who.subscriber_id, who.phone, who.email) if one))
