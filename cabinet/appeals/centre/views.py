"""«Ваш центр обслуживания» (manual 1, 2.2.6, figure 32)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from cabinet.accounts.access import Right, access_account
from cabinet.appeals.centre.incidents import incidents_of
from cabinet.appeals.centre.responsible import who_answers
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest, subscriber_required
from cms_pages.centres.page import service_centre_of
from cms_pages.selectors import contact_addresses, service_centres_address


@subscriber_required
def centre(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the centre of the account; where none is known, the company's own contacts."""
    access = access_account(request, link_id, Right.READ)
    is_gas = request.tenant.is_gas
    context = {
        "access": access,
        "incidents": incidents_of(access.account),
        "centre": service_centre_of(access.account.service_centre) if is_gas else None,
        "centres_address": service_centres_address(request) if is_gas else "",
        "contacts_address": contact_addresses(request)[0],
    }
    return render(request, "cabinet/appeals/centre/centre.html", context)


def responsible(request: CabinetRequest) -> HttpResponse:
    """Show everybody who answers for what; only a gas company has such a page."""
    if not request.tenant.is_gas:
        raise Http404
    contacts, form = contact_addresses(request)
    context = {"topics": who_answers(), "write": form or contacts}
    return render(request, "cabinet/appeals/centre/who_answers.html", context)
