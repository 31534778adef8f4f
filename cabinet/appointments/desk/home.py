"""The desk on the admin's first page and in its menu, and its word to whoever changes the hours."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages

from cabinet.appointments.desk.calling import to_call_count
from cabinet.appointments.desk.choice import centre_remembered
from cabinet.appointments.desk.hours import day_of
from cabinet.appointments.desk.rights import ICON, SERVE
from cabinet.appointments.models import Appointment, Desk
from portal.connection import current_schema
from portal.staff.admin_home_items import Action


def appointments_home_items(request: HttpRequest) -> Iterator[Action]:
    """Offer the sheet of today with the number of those who are still to come, and whom to call."""
    if current_schema() == "public" or not request.user.has_perm(SERVE):
        return
    if not Desk.objects.exists():
        return
    first, last = day_of(timezone.localdate())
    rows = Appointment.objects.filter(starts_at__gte=first, starts_at__lt=last)
    if centre := centre_remembered(request):
        rows = rows.filter(centre=centre)
    yield Action(
        title=_("Приём сегодня"),
        url=reverse("appointments_desk"),
        icon=ICON,
        waiting=rows.filter(state=Appointment.State.BOOKED).count(),
        said=_("придут"),
    )
    if waiting := to_call_count():
        yield Action(
            title=_("Кому позвонить"),
            url=reverse("appointments_calls"),
            icon="warning",
            waiting=waiting,
        )


def hours_saved(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Report how many bookings no longer fit to whoever has saved hours, desks or services."""
    if not (count := to_call_count()):
        return
    said = _("Записей на приём, которые больше не подходят: %s.") % count
    if request.user.has_perm(SERVE):
        button = messages.button(reverse("appointments_calls"), _("Кому позвонить"))
        messages.warning(request, said, buttons=[button])
    else:
        what = _("Операторы видят этих людей на странице «Кому позвонить».")
        messages.warning(request, f"{said} {what}")
