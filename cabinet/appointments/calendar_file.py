"""An appointment as a file that calendars take: its window in the company's time, an alarm before it."""

import datetime
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from cabinet.appointments.facts import Ticket
from cabinet.appointments.models import Appointment
from portal.messaging.services import File
from tenants.selectors import current_company

CONTENT_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "priem.ics"
_ALARM = datetime.timedelta(hours=-2)


def calendar_file(appointment: Appointment, url: str = "") -> File:
    """Return the file to attach; one that is cancelled takes the event out of the calendar again."""
    content = calendar_of(appointment, url).to_ical()
    method = _method(appointment)
    return File(FILE_NAME, content, f"text/calendar; charset=utf-8; method={method}")


def calendar_of(appointment: Appointment, url: str = "") -> Calendar:
    """Return the calendar with this appointment, its time zone and its alarm.

    A later file replaces an earlier one: it has the same identifier and a higher sequence.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//gas portal//appointments//RU")
    calendar.add("version", "2.0")
    calendar.add("method", _method(appointment))
    calendar.add_component(_event(appointment, url))
    calendar.add_missing_timezones()
    return calendar


def _method(appointment: Appointment) -> str:
    return "CANCEL" if appointment.state == Appointment.State.CANCELLED else "PUBLISH"


def _event(appointment: Appointment, url: str) -> Event:
    ticket, company, now = Ticket(appointment), current_company(), timezone.now()
    event = Event()
    host = urlsplit(company.url).hostname if company else ""
    event.add("uid", f"appointment-{appointment.number}@{host or 'portal'}")
    event.add("sequence", int((now - appointment.created_at).total_seconds()))
    event.add("dtstamp", now)
    event.add("dtstart", ticket.starts_at)
    event.add("dtend", ticket.ends_at)
    event.add("summary", _("Приём: %(service)s") % {"service": appointment.service_name})
    event.add("location", f"{ticket.centre.name}, {ticket.centre.address}")
    event.add("description", _description(ticket, url))
    if url:
        event.add("url", url)
    if ticket.centre.latitude is not None and ticket.centre.longitude is not None:
        event.add("geo", (float(ticket.centre.latitude), float(ticket.centre.longitude)))
    if _method(appointment) == "CANCEL":
        event.add("status", "CANCELLED")
        return event
    event.add("status", "CONFIRMED")
    event.add_component(_alarm(ticket))
    return event


def _alarm(ticket: Ticket) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Приём в %(time)s") % {"time": ticket.time})
    alarm.add("trigger", vDuration(_ALARM))
    return alarm


def _description(ticket: Ticket, url: str) -> str:
    lines = [_("Номер записи: %(number)s") % {"number": ticket.number}]
    if ticket.centre.note:
        lines.append(_("Как пройти: %(note)s") % {"note": ticket.centre.note})
    if ticket.bring:
        lines.append(_("Возьмите с собой: %(things)s") % {"things": "; ".join(ticket.bring)})
    if ticket.phone:
        lines.append(_("Телефон центра: %(phone)s") % {"phone": ticket.phone["number"]})
    if url:
        lines.append(_("Перенести или отменить: %(url)s") % {"url": url})
    return "\n".join(lines)
