"""Where the pages of an appointment lie: behind its secret link, or in its owner's cabinet."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cabinet.appointments.facts import Ticket, ticket_path
from cabinet.appointments.models import Appointment
from tenants.http import TenantRequest


@dataclass(frozen=True)
class Pages:
    """The pages of one appointment. `link_hash`: of the link that opened them, None in the cabinet."""

    appointment: Appointment
    layout: str
    link_hash: str | None
    own: str
    move: str
    cancel: str
    calendar: str
    qr: str
    # After it was cancelled, when a link leads nowhere any more.
    over: str

    @classmethod
    def by_link(cls, appointment: Appointment) -> "Pages":
        """Return the pages behind the secret link."""
        secret = appointment.link_secret
        return cls(
            appointment,
            "base.html",
            appointment.link_hash,
            own=ticket_path(appointment),
            over=reverse("appointments:over"),
            **{
                name: reverse(f"appointments:ticket_{name}", args=[secret])
                for name in ("move", "cancel", "calendar", "qr")
            },
        )

    @classmethod
    def in_cabinet(cls, appointment: Appointment) -> "Pages":
        """Return the pages of whose login booked it."""
        own = reverse("appointments:one", args=[appointment.number])
        return cls(
            appointment,
            "cabinet/base.html",
            None,
            own=own,
            over=own,
            **{
                name: reverse(f"appointments:one_{name}", args=[appointment.number])
                for name in ("move", "cancel", "calendar", "qr")
            },
        )

    @property
    def is_in_cabinet(self) -> bool:
        return self.link_hash is None

    def after_move(self, secret: str) -> str:
        """Return where the appointment is shown once it was moved."""
        return self.own if self.is_in_cabinet else reverse("appointments:ticket", args=[secret])

    def render(
        self, request: TenantRequest, name: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        ticket = Ticket(self.appointment)
        whole = {
            "layout": self.layout,
            "pages": self,
            "ticket": ticket,
            "appointment": self.appointment,
            **context,
        }
        template = f"cabinet/appointments/ticket/{name}.html"
        return private(render(request, template, whole, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """Let no search engine know of the address."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
