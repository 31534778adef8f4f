"""The section «Квитанции» of the cabinet (manual 1, 2.2.5)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from cabinet.accounts.access import Right, access_account
from cabinet.accounts.selectors import billing_snapshot
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@subscriber_required
def bills(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the bills of a year."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        return render(request, "cabinet/bills/list.html", {"access": access})
