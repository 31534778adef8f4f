"""The section «Список работ» of a fund's cabinet (manual 2, 3.6)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cabinet.accounts.access import Right, access_account
from cabinet.accounts.selectors import billing_snapshot, way_to_write
from cabinet.houses.selectors import house_page
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@subscriber_required
def house(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the account's house and its list of works; only a fund has such a page."""
    if request.tenant.is_gas:
        raise Http404
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        context = {
            "access": access,
            "page": house_page(access.account, this_year=timezone.localdate().year),
            "way_to_write": way_to_write(request, access.link, "information"),
        }
        return render(request, "cabinet/houses/house.html", context)
