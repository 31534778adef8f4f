"""The ticket behind its secret link: shown, put into a calendar, moved and cancelled, by POST alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cabinet.appointments.calendar_file import CONTENT_TYPE, FILE_NAME, calendar_of
from cabinet.appointments.exceptions import AppointmentOver, LinkDead
from cabinet.appointments.facts import Ticket, ticket_url
from cabinet.appointments.lifecycle.changing import appointment_cancel
from cabinet.appointments.selectors import appointment_by_link
from cabinet.appointments.ticket.moving import move_page
from cabinet.appointments.ticket.pages import Pages, private
from cabinet.subscribers.http import CabinetRequest
from portal.formats.qr import qr_png
from tenants.http import TenantRequest

# A telephone's camera reads it off a screen or a sheet; four modules around it are the standard's.
_SCALE, _BORDER = 8, 4


@never_cache
@require_safe
def ticket(request: CabinetRequest, secret: str) -> HttpResponse:
    """Show the ticket to whoever has its link."""
    found = appointment_by_link(secret)
    return Pages.by_link(found).render(request, "ticket") if found else _dead(request)


@never_cache
@require_safe
def calendar(request: CabinetRequest, secret: str) -> HttpResponse:
    found = appointment_by_link(secret)
    return calendar_answer(Pages.by_link(found)) if found else _dead(request)


@never_cache
@require_safe
def qr(request: CabinetRequest, secret: str) -> HttpResponse:
    """Draw the ticket's address, for a telephone and for the centre. Raises Http404 for a dead link."""
    found = appointment_by_link(secret)
    if found is None:
        raise Http404
    return qr_answer(Pages.by_link(found))


@never_cache
def move(request: CabinetRequest, secret: str) -> HttpResponse:
    """Offer other times; by POST move to one, and lead to the new link."""
    found = appointment_by_link(secret)
    return move_page(request, Pages.by_link(found)) if found else _dead(request)


@never_cache
def cancel(request: CabinetRequest, secret: str) -> HttpResponse:
    """Ask whether to cancel, and do so by POST."""
    found = appointment_by_link(secret)
    return cancel_page(request, Pages.by_link(found)) if found else _dead(request)


@never_cache
@require_safe
def over(request: CabinetRequest) -> HttpResponse:
    """Show what to do after an appointment was cancelled by its link, which leads nowhere now."""
    return private(render(request, "cabinet/appointments/ticket/over.html"))


def cancel_page(request: TenantRequest, pages: Pages) -> HttpResponse:
    """Answer the page that cancels, behind a link or in the cabinet."""
    if request.method != "POST":
        return pages.render(request, "cancel")
    try:
        appointment_cancel(
            appointment_pk=pages.appointment.pk, link_hash=pages.link_hash, actor=None
        )
    except LinkDead:
        return redirect(pages.own)
    except AppointmentOver:
        messages.warning(request, _("Эту запись уже нельзя отменить."))
        return redirect(pages.own)
    said = _("Запись на приём %(when)s отменена.") % {"when": Ticket(pages.appointment).when}
    messages.success(request, said)
    return redirect(pages.over)


def calendar_answer(pages: Pages) -> HttpResponse:
    """Return the calendar's file. Raises Http404 for what nobody is expected at."""
    if not Ticket(pages.appointment).is_ahead:
        raise Http404
    content = calendar_of(pages.appointment, ticket_url(pages.appointment)).to_ical()
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return private(response)


def qr_answer(pages: Pages) -> HttpResponse:
    content = ticket_url(pages.appointment)
    if not content:
        raise Http404
    picture = qr_png(content, scale=_SCALE, border=_BORDER)
    return private(HttpResponse(picture, content_type="image/png"))


def _dead(request: TenantRequest) -> HttpResponse:
    """Answer a link that was used: the new one went to the person."""
    return private(render(request, "cabinet/appointments/ticket/dead.html", status=404))
