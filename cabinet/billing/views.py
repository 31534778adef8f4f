from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from cabinet.accounts.access import access_account
from cabinet.billing.frame import sum_due
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@subscriber_required
def sum_due_now(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """The header's part alone, for the button that counts the sum anew without loading the page."""
    access = access_account(request, link_id)
    context = sum_due(access.account, access.link)
    return render(request, "cabinet/billing/sum_due_figure.html", context)
