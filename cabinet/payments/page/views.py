"""The section «Оплата» of the cabinet (manual 1, 2.2.3; manual 2, 3.5.1)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from cabinet.accounts.access import AccountAccess, Right, access_account
from cabinet.accounts.selectors import billing_snapshot
from cabinet.payments.models import Payment
from cabinet.payments.page.checkout import Payer, address_after
from cabinet.payments.page.http import payment_page
from cabinet.payments.page.payment_page import PaymentPage, page_of, payment_tried
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@payment_page
@subscriber_required
def pay(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show what is to be paid; after a POST that is accepted, lead to the payment provider."""
    if request.method != "POST":
        with billing_snapshot():
            access = access_account(request, link_id, Right.READ)
            return _show(request, access, _opened(request, access))
    access = access_account(request, link_id)
    payer = Payer(str(Payment.Channel.CABINET), request.subscriber.pk, access.link.pk)
    with billing_snapshot():
        page = _opened(request, access)
    payment = payment_tried(request, page, payer)
    if payment:
        return HttpResponseRedirect(address_after(payment))
    return _show(request, access, page)


def _opened(request: SubscriberRequest, access: AccountAccess) -> PaymentPage:
    return page_of(
        request,
        access.account,
        company=request.tenant,
        initial={
            **({"email": request.subscriber.email} if request.subscriber.email else {}),
            **recovered_initial(request),
        },
    )


def _show(request: SubscriberRequest, access: AccountAccess, page: PaymentPage) -> HttpResponse:
    context: dict[str, Any] = {
        "access": access,
        "person": request.subscriber.pk,
        **page.context(),
    }
    return render(request, "cabinet/payments/pay.html", context)
