"""The link by which a ticket opens without a login. It dies with its use."""

from django.urls import reverse

from cabinet.appointments.models import Appointment
from tenants.selectors import current_company


def ticket_path(appointment: Appointment) -> str:
    """Return the address of a ticket for who has no login; empty once its link has been used up."""
    secret = appointment.link_secret
    return reverse("appointments:ticket", args=[secret]) if secret else ""


def ticket_url(appointment: Appointment) -> str:
    """Return the whole address, of the company's primary host."""
    company, path = current_company(), ticket_path(appointment)
    return f"{company.url}{path}" if company and path else ""
