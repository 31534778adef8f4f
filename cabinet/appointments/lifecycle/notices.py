"""What the one who has booked hears of it: written in the transaction of the change.

Who has a login hears by the bell and by the ways chosen. A guest gets a letter or an SMS with the ticket's
link; an address may be mistyped, so it reads of no account, and no name.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.calendar_file import calendar_file
from cabinet.appointments.facts import Ticket, ticket_path, when_said
from cabinet.appointments.models import Appointment
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from cms_pages.selectors import company_phone
from portal.messaging.models import Message
from portal.messaging.quiet import quiet_until
from portal.messaging.registry import channel_available
from portal.messaging.services import File, Letter, messages_write
from tenants.models import GasCompany
from tenants.selectors import current_company

BOOKED, MOVED = "appointment_booked", "appointment_moved"
CANCELLED, REMINDER = "appointment_cancelled", "appointment_reminder"
EMAIL, SMS = Message.Channel.EMAIL, Message.Channel.SMS
# Late enough to be awake, early enough to give the window back.
_DAY_BEFORE_AT = datetime.time(12)
_SHORTLY_BEFORE = datetime.timedelta(hours=2)
# A reminder sooner than that after another message, or before the window, helps nobody.
_APART = datetime.timedelta(hours=1)
# A letter may be read as late as that.
_READ_WITHIN = datetime.timedelta(hours=12)


@dataclass(frozen=True)
class _Said:
    """What a message says besides the window itself, before it and after it; what is empty is left out."""

    kind: str
    heading: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    by_company: bool = False

    @property
    def is_over(self) -> bool:
        return self.kind == CANCELLED

    @property
    def context(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "before": [one for one in self.before if one],
            "after": [one for one in self.after if one],
            "by_company": self.by_company,
            "is_over": self.is_over,
        }


def notify_booked(appointment: Appointment) -> None:
    """Confirm a booking: its number, day and place, a file for the calendar, and the ticket's link."""
    _reminder_plan(appointment)
    heading = _("Вы записаны на приём %(when)s")
    _notify(appointment, _Said(BOOKED, heading, after=(_if_not(), _file())))


def notify_moved(
    appointment: Appointment,
    *,
    before: datetime.datetime,
    by_company: bool = False,
    reason: str = "",
) -> None:
    """Report the new time and the new link; `reason` is the staff's, where they have moved it."""
    _reminder_plan(appointment)
    if by_company:
        heading = _("Мы перенесли ваш приём. Ждём вас %(when)s")
        instead = _("Раньше приём был назначен %(before)s.") % {"before": when_said(before)}
        asked = _("Если это время вам не подходит, выберите другое.")
        said = _Said(MOVED, heading, (instead, _reason(reason)), (asked, _file()), by_company)
    else:
        heading = _("Вы перенесли приём. Ждём вас %(when)s")
        said = _Said(MOVED, heading, after=(_if_not(), _file()))
    _notify(appointment, said)


def notify_cancelled(
    appointment: Appointment, *, by_company: bool = False, reason: str = ""
) -> None:
    """Report that nobody is expected at the window any more."""
    if by_company:
        heading = _("Мы отменили вашу запись на приём %(when)s")
        sorry = _("Простите за неудобство. Вы можете записаться на другое время.")
        said = _Said(CANCELLED, heading, (_reason(reason), sorry), by_company=by_company)
    else:
        said = _Said(CANCELLED, _("Вы отменили запись на приём %(when)s"))
    _notify(appointment, said)


def notify_reminder(appointment: Appointment) -> None:
    """Remind of the window, and note when the next reminder is due."""
    _reminder_plan(appointment)
    _notify(appointment, _Said(REMINDER, _("Ждём вас на приём %(when)s"), after=(_if_not(),)))


def reminder_after(
    starts_at: datetime.datetime, now: datetime.datetime
) -> datetime.datetime | None:
    """Return when to remind next of a window: on the day before, shortly before it, or no more.

    By the clocks of the company, and not in its quiet hours.
    """
    eve = timezone.localtime(starts_at).date() - datetime.timedelta(days=1)
    at_noon = timezone.make_aware(datetime.datetime.combine(eve, _DAY_BEFORE_AT))
    shortly = starts_at - _SHORTLY_BEFORE
    moments = (at_noon, quiet_until(shortly) or shortly)
    return next((one for one in moments if now + _APART <= one <= starts_at - _APART), None)


def _reminder_plan(appointment: Appointment) -> None:
    appointment.remind_at = reminder_after(appointment.starts_at, timezone.now())
    appointment.save(update_fields=["remind_at"])


def _if_not() -> str:
    return _(
        "Если не сможете прийти, перенесите или отмените запись: это время займёт кто-то другой."
    )


def _file() -> str:
    return _("К письму приложен файл: откройте его, и приём появится в вашем календаре.")


def _reason(reason: str) -> str:
    return _("Причина: %(reason)s") % {"reason": reason} if reason else ""


def _notify(appointment: Appointment, said: _Said) -> None:
    company = current_company()
    if company is None:
        return
    if appointment.subscriber_id is None:
        _to_guest(appointment, said, company)
        return
    person = Subscriber.objects.filter(pk=appointment.subscriber_id).first()
    if person is None:
        return
    ticket, path = Ticket(appointment), reverse("appointments:one", args=[appointment.number])
    context = _context(ticket, said, company, path)
    # Not with the account: whoever gives that up still comes.
    notify(
        Notice(
            subscriber=person,
            kind=said.kind,
            title=context["heading"],
            text=f"{ticket.centre.name}, {ticket.address}",
            path=path,
            address="" if person.email else appointment.email,
            context=context,
            files=_files(appointment, said, context["url"]),
            expires_at=_good_until(appointment, said),
        )
    )


def _to_guest(appointment: Appointment, said: _Said, company: GasCompany) -> None:
    path = reverse("appointments:guest") if said.is_over else ticket_path(appointment)
    context = _context(Ticket(appointment), said, company, path) | {"for_guest": True}
    letters = [
        Letter(
            kind=said.kind,
            recipient=recipient,
            channel=channel,
            context=context,
            files=_files(appointment, said, context["url"]) if channel == EMAIL else (),
            expires_at=_good_until(appointment, said),
        )
        for channel, recipient in _guest_ways(appointment, said)
    ]
    messages_write(letters)


def _context(ticket: Ticket, said: _Said, company: GasCompany, path: str) -> dict[str, Any]:
    is_again = said.is_over and ticket.appointment.subscriber_id is None
    context = said.context
    return {
        **context,
        "heading": context["heading"] % {"when": ticket.when},
        "number": ticket.number,
        "when_short": ticket.when_short,
        "service_name": ticket.appointment.service_name,
        "centre_name": ticket.centre.name,
        "address": ticket.address,
        "note": ticket.centre.note,
        "map_url": ticket.centre.map_url,
        "bring": ticket.bring,
        "company_name": company.name,
        "centre_phone": ticket.phone or company_phone(),
        "url": f"{company.url}{path}",
        "button": _("Записаться снова") if is_again else _("Открыть запись"),
    }


def _guest_ways(appointment: Appointment, said: _Said) -> list[tuple[str, str]]:
    """Return where a guest is written to. An SMS is paid for: it goes where a letter may be read too late."""
    by_mail = [(EMAIL.value, appointment.email)] if appointment.email else []
    has_sms = appointment.phone and channel_available(SMS)
    by_sms = [(SMS.value, appointment.phone)] if has_sms else []
    if said.by_company:
        return by_mail + by_sms
    is_soon = appointment.starts_at - timezone.now() < _READ_WITHIN
    return by_sms or by_mail if said.kind == REMINDER and is_soon else by_mail or by_sms


def _files(appointment: Appointment, said: _Said, url: str) -> tuple[File, ...]:
    """Return the event for the calendar; a reminder changes nothing of it."""
    return (
        () if said.kind == REMINDER else (calendar_file(appointment, "" if said.is_over else url),)
    )


def _good_until(appointment: Appointment, said: _Said) -> datetime.datetime | None:
    return None if said.is_over else appointment.starts_at
