"""The page «Ошиблись счётом?» of a payment, for whoever has made it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.access import AccountAccess, Right, access_account
from cabinet.accounts.forms import LetterField
from cabinet.accounts.selectors import billing_snapshot
from cabinet.payments.models import Payment, RefundRequest
from cabinet.payments.refunds.requests import RequestExists, request_send
from cabinet.payments.refunds.sums import refundable_of
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


class MistakeForm(forms.Form):
    text = LetterField(
        label=gettext_lazy("Что случилось"),
        help_text=gettext_lazy(
            "Например: «Заплатил за счёт 805112 вместо 805107». Если деньги нужно перевести на другой счёт, "
            "укажите его номер."
        ),
        max_length=1000,
        error_messages={"required": gettext_lazy("Напишите, в чём ошибка.")},
    )


@subscriber_required
def refund_request(request: SubscriberRequest, link_id: UUID, number: int) -> HttpResponse:
    """Show the form or the request that was sent; by POST put it into the cashiers' queue."""
    form = MistakeForm(request.POST if request.method == "POST" else None)
    with billing_snapshot():
        access = access_account(request, link_id, Right.OWN)
        payment = _paid_by(access, number)
        known = payment.refund_requests.order_by("-created_at").first()
        waits = known is not None and known.state == RefundRequest.State.NEW
        may_ask = not waits and bool(refundable_of(payment).total)
        if not (may_ask and form.is_bound and form.is_valid()):
            context = {
                "access": access,
                "payment": payment,
                "form": form,
                "known": known,
                "may_ask": may_ask,
            }
            return render(request, "cabinet/payments/mistake.html", context)
    try:
        request_send(
            payment=payment,
            subscriber_id=access.link.subscriber_id,
            text=form.cleaned_data["text"],
        )
    except RequestExists:
        messages.info(request, _("Вы уже написали нам об этом платеже. Мы ответим."))
    else:
        messages.success(request, _("Мы получили вашу просьбу и ответим в личном кабинете."))
    return redirect("payments:refund_request", link_id, number)


def _paid_by(access: AccountAccess, number: int) -> Payment:
    """Return a payment that this person has made and that took money. Raises Http404."""
    payment = get_object_or_404(Payment, account=access.account, pk=number)
    if (
        payment.state != Payment.State.SUCCEEDED
        or payment.subscriber_id != access.link.subscriber_id
    ):
        raise Http404
    return payment
