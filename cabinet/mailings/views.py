from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.switches import account_switch
from cabinet.mailings.services import (
    AccountClosed,
    AddressMissing,
    receipts_subscribe,
    receipts_unsubscribe,
)
from cabinet.subscribers.http import SubscriberRequest, subscriber_required


@subscriber_required
def receipts(request: SubscriberRequest, wanted: UUID) -> HttpResponse:
    """«Подписаться» for an account of any company: POST `on` is yes or no. It leads to «Подписки»."""

    def switch(account: PersonalAccount, on: bool) -> str:
        if on:
            receipts_subscribe(subscriber=request.subscriber, account=account)
            return _(
                "Подписка на квитанции по счёту %(number)s оформлена. Присылать их начнём, когда "
                "заработает рассылка."
            )
        receipts_unsubscribe(subscriber_id=request.subscriber.pk, account=account)
        return _("Подписка на квитанции по счёту %(number)s отменена.")

    try:
        account_switch(request, wanted, switch)
    except AddressMissing:
        messages.warning(request, _("Сначала укажите адрес электронной почты."))
        return redirect("subscribers:settings")
    except AccountClosed:
        messages.warning(request, _("Лицевой счёт закрыт: квитанций по нему больше не будет."))
    return redirect("subscribers:subscriptions")
