"""The day sheet of a centre in the admin, on the screen and on paper, whom to call, and the search."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.desk.calling import calls_of, to_call_count
from cabinet.appointments.desk.choice import choice_of
from cabinet.appointments.desk.fitting import fit_read
from cabinet.appointments.desk.rights import ICON, SERVE
from cabinet.appointments.desk.sheet import day_sheet
from cabinet.appointments.models import Appointment
from cabinet.subscribers.contacts import email_normal
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.formats.phones import phone_normal
from portal.formats.text import clean_text, number_key

_LONGEST = 100
_SHOWN = 30
_SINCE = datetime.timedelta(days=90)
_LAST_DIGITS = 4


@company_only
@desk_view(SERVE)
def sheet(request: DeskRequest) -> HttpResponse:
    """Show who comes on a day, by desk and time."""
    choice = choice_of(request)
    context: dict[str, Any] = {"tab": "day", "choice": choice}
    if choice.centre:
        fit = fit_read()
        context["sheet"] = day_sheet(choice.centre, choice.day, fit, choice.desk_pk)
        context["to_call"] = to_call_count(choice.centre, fit)
    title = _("Приём")
    return desk_page(request, "appointments/desk/sheet.html", context, title=title, icon=ICON)


@company_only
@desk_view(SERVE)
def print_sheet(request: DeskRequest) -> HttpResponse:
    """Show the same as a sheet of paper for the desk."""
    choice = choice_of(request)
    if choice.centre is None:
        return redirect("appointments_desk")
    shown = day_sheet(choice.centre, choice.day, fit_read(), choice.desk_pk)
    context = {"choice": choice, "sheet": shown}
    return render(request, "appointments/desk/print.html", context)


@company_only
@desk_view(SERVE)
def calls(request: DeskRequest) -> HttpResponse:
    """List the bookings that no longer fit, of all centres: who sits elsewhere may call too."""
    context = {"tab": "calls", "calls": calls_of()}
    title = _("Кому позвонить")
    return desk_page(request, "appointments/desk/calls.html", context, title=title, icon=ICON)


@company_only
@desk_view(SERVE)
def find(request: DeskRequest) -> HttpResponse:
    """Search by POST: what is looked for stands in no address, and so in no log of a server."""
    typed = clean_text(request.POST.get("q", ""))[:_LONGEST]
    found, is_cut = appointments_found(typed) if typed else ([], False)
    if len(found) == 1:
        return redirect("appointments_one", found[0].pk)
    context = {"tab": "find", "typed": typed, "found": found, "is_cut": is_cut}
    title = _("Найти запись")
    return desk_page(request, "appointments/desk/find.html", context, title=title, icon=ICON)


def appointments_found(typed: str) -> tuple[list[Appointment], bool]:
    """Return the bookings that the text may mean, and whether there are more than are shown.

    Those to come first. Codes that nobody typed in are no bookings; what is long over is found by its number.
    """
    rows = Appointment.objects.exclude(
        state__in=(Appointment.State.HELD, Appointment.State.EXPIRED)
    ).select_related("centre", "desk", "account")
    exact = list(rows.filter(number=number_key(typed)))
    if exact:
        return exact, False
    now = timezone.now()
    today = now - datetime.timedelta(hours=12)
    meant = rows.filter(_meant(typed))
    ahead = meant.filter(starts_at__gte=today).order_by("starts_at", "pk")
    over = meant.filter(starts_at__lt=today, starts_at__gte=now - _SINCE).order_by("-starts_at")
    found = list(ahead[: _SHOWN + 1])
    if len(found) <= _SHOWN:
        found += over[: _SHOWN + 1 - len(found)]
    return found[:_SHOWN], len(found) > _SHOWN


def _meant(typed: str) -> Q:
    key = number_key(typed)
    if "@" in typed:
        try:
            return Q(email=email_normal(typed))
        except ValidationError:
            return Q(pk=None)
    if key.isascii() and key.isdecimal():
        try:
            return Q(phone=phone_normal(typed, for_sms=False))
        except ValidationError:
            return Q(phone__endswith=key) if len(key) >= _LAST_DIGITS else Q(pk=None)
    return Q(contact_name__icontains=typed) | Q(number__istartswith=key)
