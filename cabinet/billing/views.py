from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from cabinet.accounts.access import Right, access_account
from cabinet.billing.selectors import account_balance
from cabinet.subscribers.http import SubscriberRequest, next_address, subscriber_required


@subscriber_required
def sum_due_now(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Count the sum in the header anew and say when: with `next` on that page, else as its parts."""
    context = {
        "sum_due": account_balance(access_account(request, link_id, Right.READ).account),
        "now": timezone.localtime(),
    }
    if "next" not in request.GET:
        return render(request, "cabinet/billing/sum_due_now.html", context)
    messages.info(
        request, render_to_string("cabinet/billing/sum_due_checked.html", context, request)
    )
    return HttpResponseRedirect(next_address(request))
