"""What a keeper of the queue must be able to do: the portal's own, or a centre's queue system.

Calls over the network are allowed in `free_windows`, `reserve` and `give_up` alone: `take` and `release`
run inside a transaction. A remote system books in `reserve`, and `release` writes the row of a job that
frees its window after the commit.
"""

import datetime
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from cabinet.appointments.models import Appointment, AppointmentService
from cms_pages.models import ServiceCentre


@dataclass(frozen=True, order=True)
class Window:
    """A time that can be booked, aware."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime


class AppointmentBackend(ABC):
    code: ClassVar[str]
    title: ClassVar[str | Promise]

    @abstractmethod
    def free_windows(
        self,
        centre: ServiceCentre,
        service: AppointmentService,
        first: datetime.date,
        last: datetime.date,
        *,
        by_staff: bool = False,
    ) -> list[Window]:
        """Return the free windows of these days, in order; for staff without notice and horizon."""

    def reserve(
        self,
        centre: ServiceCentre,
        service: AppointmentService | None,
        starts_at: datetime.datetime,
    ) -> str:
        """Book in a remote system, and return its reference. Raises WindowTaken."""
        return ""

    def give_up(self, reference: str) -> None:
        """Free in a remote system what was reserved for a transaction that has failed."""
        return

    @abstractmethod
    def take(
        self,
        appointment: Appointment,
        starts_at: datetime.datetime,
        *,
        reference: str = "",
        by_staff: bool = False,
    ) -> None:
        """Put an appointment, new or locked, into a window and save it, with all that was set on it.

        Inside a transaction that holds the centre's lock. One that had a `reference` is released there
        as well; a remote system takes nothing without a `reference`. `by_staff`: without notice and
        horizon. Raises WindowTaken.
        """

    @abstractmethod
    def release(self, appointment: Appointment) -> None:
        """Free the window of an appointment that is cancelled, or was moved, inside the transaction."""
