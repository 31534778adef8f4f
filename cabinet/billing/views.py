from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from cabinet.accounts.access import access_account
from cabinet.billing.selectors import account_balance
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@subscriber_required
def sum_due_now(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Render the sum in the header alone, for the button that counts it anew without a new page."""
    context = {"sum_due": account_balance(access_account(request, link_id).account)}
    return render(request, "cabinet/billing/sum_due_figure.html", context)
