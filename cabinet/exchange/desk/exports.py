from django.http import HttpResponse
from django.utils.translation import gettext as _

from cabinet.exchange.desk.access import SEE, page
from cabinet.exchange.exports import exports_overview
from portal.desk.access import DeskRequest, desk_view


@desk_view(SEE)
def export_list(request: DeskRequest) -> HttpResponse:
    context = {"exports": exports_overview(), "tab": "exports"}
    return page(request, "exports", _("Обмен с биллингом"), context)
