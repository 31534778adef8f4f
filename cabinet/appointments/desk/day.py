"""The day sheet of a centre in the admin, on the screen and on paper, whom to call, and the search."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.appointments.desk.calling import calls_of, to_call_count
from cabinet.appointments.desk.choice import choice_of
from cabinet.appointments.desk.fitting import fit_read
from cabinet.appointments.desk.rights import ICON, SERVE
from cabinet.appointments.desk.search import appointments_found
from cabinet.appointments.desk.sheet import day_sheet
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.formats.text import clean_text

_LONGEST = 100


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
