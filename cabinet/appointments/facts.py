"""What a ticket says, on the page and in messages: nothing of the person but initials; and its link."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.models import Appointment
from cms_pages.brand.phones import call_of
from cms_pages.centres.models import ServiceCentre
from cms_pages.centres.wording import ON_WEEKDAY, WEEKDAYS, date_text
from portal.formats.dates import day_and_month
from portal.formats.numbers import NO_BREAK
from portal.formats.places import address_line
from tenants.selectors import current_company


@dataclass(frozen=True)
class Ticket:
    """An appointment in the words of its ticket."""

    appointment: Appointment

    @property
    def number(self) -> str:
        """Return the number as it is said: `123 456 789`."""
        return number_said(self.appointment.number)

    @property
    def centre(self) -> ServiceCentre:
        return self.appointment.centre

    @property
    def address(self) -> str:
        return str(address_line(self.centre.address))

    @property
    def phone(self) -> dict[str, str] | None:
        """Return `number` and `href` of the centre's first telephone."""
        phones = [phone.value for phone in self.centre.phones.all()]
        return next((call_of(number) for number in phones if number), None)

    @property
    def starts_at(self) -> datetime.datetime:
        return timezone.localtime(self.appointment.starts_at)

    @property
    def ends_at(self) -> datetime.datetime:
        return timezone.localtime(self.appointment.during.upper)

    @property
    def day(self) -> str:
        """Return «среда, 2 декабря»."""
        weekday = WEEKDAYS[self.starts_at.weekday()]
        return f"{weekday}, {date_text(self.starts_at.date(), timezone.localdate())}"

    @property
    def time(self) -> str:
        return f"{self.starts_at:%H:%M}"

    @property
    def when(self) -> str:
        """Return «в среду, 2 декабря, в 10:20», to stand in a sentence."""
        return when_said(self.starts_at)

    @property
    def when_short(self) -> str:
        """Return «2 декабря в 10:20», for an SMS."""
        return f"{day_and_month(self.starts_at)} в{NO_BREAK}{self.time}"

    @property
    def initials(self) -> str:
        """Return «Е. П. К.»: its owner knows the ticket by it, and nobody else its owner."""
        names = self.appointment.contact_name.split()
        return NO_BREAK.join(f"{name[0].upper()}." for name in names if name[0].isalpha())

    @property
    def bring(self) -> list[str]:
        service = self.appointment.service
        lines = service.bring.splitlines() if service else []
        return [line.strip() for line in lines if line.strip()]

    @property
    def state_title(self) -> str:
        """Return what is to be said of it first."""
        if self.is_ahead:
            return _("Вы записаны на приём")
        is_past = self.appointment.state == Appointment.State.BOOKED and not self.is_ahead
        return _("Время приёма прошло") if is_past else self.appointment.get_state_display()

    @property
    def is_ahead(self) -> bool:
        """Return whether the person is expected, and the window has not begun."""
        is_booked = self.appointment.state == Appointment.State.BOOKED
        return is_booked and self.appointment.starts_at > timezone.now()


def number_said(number: str) -> str:
    return NO_BREAK.join(number[at : at + 3] for at in range(0, len(number), 3))


def when_said(moment: datetime.datetime) -> str:
    """Return a moment in the company's time as a sentence has it: «в среду, 2 декабря, в 10:20»."""
    local = timezone.localtime(moment)
    weekday = ON_WEEKDAY[local.weekday()].replace(" ", NO_BREAK)
    day = date_text(local.date(), timezone.localdate())
    return f"{weekday}, {day}, в{NO_BREAK}{local:%H:%M}"


def ticket_path(appointment: Appointment) -> str:
    """Return the address of a ticket for who has no login; empty once its link has been used up."""
    secret = appointment.link_secret
    return reverse("appointments:ticket", args=[secret]) if secret else ""


def ticket_url(appointment: Appointment) -> str:
    """Return the whole address, of the company's primary host."""
    company, path = current_company(), ticket_path(appointment)
    return f"{company.url}{path}" if company and path else ""
