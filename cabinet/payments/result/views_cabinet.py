"""A payment of an account in the cabinet: its sums, and where the money is."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from cabinet.accounts.access import Right, access_account
from cabinet.accounts.selectors import billing_snapshot
from cabinet.payments.models import Payment
from cabinet.payments.result.outcome import outcome_ask, outcome_of
from cabinet.payments.result.timeline import timeline_of
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@subscriber_required
def payment(request: SubscriberRequest, link_id: UUID, number: int) -> HttpResponse:
    """Show a payment of the account, whoever has made it: holders pay one and the same debt."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        rows = Payment.objects.select_related("account", "transfer")
        found = get_object_or_404(rows, account=access.account, pk=number)
        outcome_ask(found)
        context = {
            "access": access,
            "payment": found,
            "outcome": outcome_of(request, found),
            "steps": timeline_of(found),
        }
        return render(request, "cabinet/payments/payment.html", context)
