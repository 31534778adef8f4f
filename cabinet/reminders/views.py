from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.accounts.access import access_account
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.switches import account_switch
from cabinet.reminders.services import reminder_drop, reminder_switch_off, reminder_switch_on
from cabinet.reminders.tokens import off_token_read
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from tenants.http import TenantRequest


@subscriber_required
def switch(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """The switch on the page of readings: POST `on` is yes or no. A GET, after a login, leads back there."""
    access = access_account(request, link_id)
    if request.method != "POST":
        return redirect("meters:readings", link_id)
    if request.POST.get("on") == "yes":
        reminder_switch_on(subscriber=request.subscriber, account=access.account)
        messages.success(request, _("Будем напоминать о показаниях."))
    else:
        reminder_switch_off(subscriber_id=request.subscriber.pk, account=access.account)
        messages.success(request, _("Больше не будем напоминать о показаниях."))
    return redirect("meters:readings", link_id)


@subscriber_required
def subscription(request: SubscriberRequest, wanted: UUID) -> HttpResponse:
    """The switch on «Подписки»: of an account of any company that the person has linked."""

    def switch(account: PersonalAccount, on: bool) -> str:
        if on:
            reminder_switch_on(subscriber=request.subscriber, account=account)
            return _("Будем напоминать о показаниях счёта %(number)s.")
        reminder_switch_off(subscriber_id=request.subscriber.pk, account=account)
        return _("Больше не будем напоминать о показаниях счёта %(number)s.")

    account_switch(request, wanted, switch)
    return redirect("subscribers:subscriptions")


@never_cache
def off(request: TenantRequest, token: str) -> HttpResponse:
    """The link in a letter. It only asks: mail programs open links by themselves."""
    reminder_id = off_token_read(token)
    if reminder_id is None:
        raise Http404
    if request.method == "POST":
        reminder_drop(reminder_id)
    context = {"is_off": request.method == "POST"}
    return render(request, "cabinet/reminders/off.html", context)
