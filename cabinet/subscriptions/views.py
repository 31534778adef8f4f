from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cabinet.accounts.access import access_account
from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.page import subscriptions_context
from cabinet.subscriptions.selectors import links_by_company
from cabinet.subscriptions.services import (
    AddressMissing,
    NothingMoreToSend,
    off_token_read,
    subscription_add,
    subscription_cancel,
    subscription_remove,
)
from tenants.http import TenantRequest
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

Kind = Subscription.Kind


@dataclass(frozen=True)
class SwitchWords:
    """What is said of a kind when it is switched; `%(number)s` is the account's."""

    on: str
    off: str
    closed: str


def _words(kind: str) -> SwitchWords:
    if kind == Kind.BILL:
        return SwitchWords(
            _("Квитанции по счёту %(number)s будут приходить на %(email)s."),
            _("Подписка на квитанции по счёту %(number)s отменена."),
            _("Лицевой счёт закрыт: квитанций по нему больше не будет."),
        )
    return SwitchWords(
        _("Будем напоминать о показаниях счёта %(number)s."),
        _("Больше не будем напоминать о показаниях счёта %(number)s."),
        _("Лицевой счёт закрыт: показания по нему не принимаются."),
    )


@subscriber_required
def page(request: SubscriberRequest) -> HttpResponse:
    context = subscriptions_context(request.subscriber, request.tenant)
    return render(request, "cabinet/subscriptions/page.html", context)


@subscriber_required
def switch(request: SubscriberRequest, any_link_id: UUID, kind: str) -> HttpResponse:
    """Subscribe or cancel for an account of any company: POST `on` is yes or no.

    A GET, after a login, changes nothing. Raises Http404 for a link of another person and for one that
    waits for a proof.
    """
    if request.method != "POST":
        return redirect("subscriptions:page")
    link = link_of(request, any_link_id)
    if not company_can_serve(link.company):
        messages.warning(request, _("Сайт этой компании сейчас закрыт. Попробуйте позже."))
        return redirect("subscriptions:page")
    words = _words(kind)
    with in_company(link.company):
        account = get_object_or_404(PersonalAccount, account_number=link.account_number)
        try:
            is_on = _switch(request, account, kind)
        except AddressMissing:
            return redirect("subscriptions:bills_address", any_link_id)
        except NothingMoreToSend:
            messages.warning(request, words.closed)
            return redirect("subscriptions:page")
    said = words.on if is_on else words.off
    names = {"number": link.account_number, "email": request.subscriber.email}
    messages.success(request, said % names)
    return redirect("subscriptions:page")


@subscriber_required
def news_switch(request: SubscriberRequest, company_id: int) -> HttpResponse:
    """Subscribe to the news of a company, or cancel: POST `on` is yes or no.

    Raises Http404 for a company that is neither this host's nor of an account of the person.
    """
    if request.method != "POST":
        return redirect("subscriptions:page")
    companies = {one.pk: one for one in [request.tenant, *links_by_company(request.subscriber)]}
    company = companies.get(company_id)
    if company is None or not company_can_serve(company):
        raise Http404
    with in_company(company):
        is_on = _switch(request, None, Kind.NEWS)
    text = (
        _("Будем присылать новости: %(company)s.")
        if is_on
        else _("Больше не будем присылать новости: %(company)s.")
    )
    messages.success(request, text % {"company": company.name})
    return redirect("subscriptions:page")


@subscriber_required
def reminder_switch(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Switch reminders from the page of readings: POST `on` is yes or no."""
    access = access_account(request, link_id)
    if request.method == "POST":
        try:
            is_on = _switch(request, access.account, Kind.READING_REMINDER)
        except NothingMoreToSend:
            messages.warning(request, _words(Kind.READING_REMINDER).closed)
        else:
            text = (
                _("Будем напоминать о показаниях.")
                if is_on
                else _("Больше не будем напоминать о показаниях.")
            )
            messages.success(request, text)
    return redirect("meters:readings", link_id)


@never_cache
@csrf_exempt
def off(request: TenantRequest, token: str) -> HttpResponse:
    """Cancel by the link in a message, without a login. A GET only asks: mail programs open links.

    The signed token is the right to do so. A mail program's one-click POST (RFC 8058) has neither a cookie
    nor a token against forged requests.
    """
    content = off_token_read(token)
    if content is None:
        raise Http404
    kind, subscription_id = content
    is_off = request.method == "POST"
    if is_off:
        subscription_cancel(subscription_id)
    return render(request, "cabinet/subscriptions/off.html", {"is_off": is_off, "kind": kind})


def link_of(request: SubscriberRequest, link_id: UUID) -> AccountLink:
    """Return the person's own link to an account of any company. Raises Http404."""
    links = request.subscriber.account_links.holders().select_related("company")
    return get_object_or_404(links, pk=link_id, unconfirmed_since=None)


def _switch(request: SubscriberRequest, account: PersonalAccount | None, kind: str) -> bool:
    """Do what POST says, and return whether the person is subscribed now."""
    if request.POST.get("on") == "yes":
        try:
            subscription_add(subscriber=request.subscriber, account=account, kind=kind)
        except Subscriber.DoesNotExist as error:
            raise Http404 from error
        return True
    subscription_remove(subscriber_id=request.subscriber.pk, account=account, kind=kind)
    return False
