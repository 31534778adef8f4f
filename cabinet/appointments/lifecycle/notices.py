"""What the one who has booked hears of it: written in the transaction of the change."""

import datetime

from cabinet.appointments.models import Appointment


def notify_booked(appointment: Appointment) -> None:
    """Confirm a booking: its number, day and place, a file for the calendar, and the ticket's link."""


def notify_moved(
    appointment: Appointment,
    *,
    before: datetime.datetime,
    by_company: bool = False,
    reason: str = "",
) -> None:
    """Report the new time and the new link; `reason` is the staff's, where they have moved it."""


def notify_cancelled(
    appointment: Appointment, *, by_company: bool = False, reason: str = ""
) -> None:
    """Report that nobody is expected at the window any more."""
