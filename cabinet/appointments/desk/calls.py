"""The page «Кому позвонить», and what editors read of it when they have saved a centre's hours."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cabinet.appointments.desk.calling import calls_of
from cabinet.appointments.desk.rights import ICON, SERVE
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page


@company_only
@desk_view(SERVE)
def calls(request: DeskRequest) -> HttpResponse:
    """List the bookings that no longer fit, of all centres: who sits elsewhere may call too."""
    context = {"tab": "calls", "calls": calls_of()}
    title = _("Кому позвонить")
    return desk_page(request, "appointments/desk/calls.html", context, title=title, icon=ICON)
