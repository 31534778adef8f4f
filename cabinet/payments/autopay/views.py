"""«Автоплатёж»: its state, connecting it in two steps, changing it, and switching it off by one button."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess, access_account
from cabinet.accounts.locks import AccessGone
from cabinet.accounts.selectors import billing_snapshot
from cabinet.payments.autopay.consent import autopay_consent
from cabinet.payments.autopay.forms import ConnectForm, TermsForm, terms_of
from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.selectors import (
    autopay_runs,
    autopay_view,
    largest_bill,
    next_day,
    saving_payment,
)
from cabinet.payments.autopay.services import (
    SAVING_SUM,
    AlreadyConnected,
    NothingToPay,
    autopay_change,
    autopay_connect,
)
from cabinet.payments.autopay.stopping import autopay_stop
from cabinet.payments.base import RequestInvalid
from cabinet.payments.lifecycle.starting import FormUsed
from cabinet.payments.models import Payment
from cabinet.payments.page.checkout import address_after, checkout_of_company, payment_texts
from cabinet.payments.page.http import payment_page
from cabinet.payments.page.limits import payment_counted, payment_needs_captcha
from cabinet.payments.registry import NoShop
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.formats.numbers import rubles
from portal.http.addresses import RequestOrigin

_TEMPLATES = "cabinet/payments/autopay"


@subscriber_required
def autopay(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the state of the account's autopay; without one, the first step: the account's number."""
    with billing_snapshot():
        access = _access(request, link_id)
        view = autopay_view(access)
        context: dict[str, Any] = {"access": access, "autopay": view}
        if view.mine:
            context["runs"] = autopay_runs(view.mine)
            context["next_day"] = next_day(view.mine)
            context["saving"] = saving_payment(view.mine) if view.is_starting else None
        return render(request, f"{_TEMPLATES}/page.html", context)


@subscriber_required
@payment_page
def connect(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Ask for limit, day, address and consent, and lead to the bank to pay 1.00 ₽."""
    if request.method != "POST":
        with billing_snapshot():
            access = _access(request, link_id)
            if not autopay_view(access).can_connect:
                return redirect("payments:autopay", link_id)
            return _connect_page(request, access, _connect_form(request, access))
    access = _access(request, link_id)
    form = _connect_form(request, access)
    if not form.is_valid():
        return _connect_page(request, access, form)
    try:
        payment = autopay_connect(
            access=access,
            key=form.cleaned_data["key"],
            terms=form.terms,
            company=request.tenant,
            origin=RequestOrigin.of(request),
        )
    except AccessGone as error:
        raise Http404 from error
    except (AlreadyConnected, NothingToPay, FormUsed):
        return redirect("payments:autopay", link_id)
    except (NoShop, RequestInvalid):
        form.add_error(None, _("Сейчас подключить автоплатёж нельзя. Попробуйте позже."))
        return _connect_page(request, access, form)
    payment_counted(request, access.account.pk)
    return HttpResponseRedirect(address_after(payment, request.tenant))


@subscriber_required
def change(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Change limit, day and address of an autopay that is on."""
    with billing_snapshot():
        access = _access(request, link_id)
        mine = autopay_view(access)
        if mine.mine is None or not mine.is_on:
            return redirect("payments:autopay", link_id)
        form = TermsForm(
            request.POST or None,
            initial=terms_of(mine.mine),
            checkout=mine.checkout,
            hint=_limit_hint(access),
        )
        if request.method != "POST" or not form.is_valid():
            context = {"access": access, "autopay": mine, "form": form}
            return render(request, f"{_TEMPLATES}/change.html", context)
    if autopay_change(autopay=mine.mine, terms=form.terms):
        messages.success(request, _("Сохранено."))
    return redirect("payments:autopay", link_id)


@subscriber_required
def off(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Switch the person's autopay off, at once and without a question (376-ФЗ)."""
    access = _access(request, link_id)
    mine = autopay_view(access).mine
    if request.method == "POST" and mine and autopay_stop(autopay_id=mine.pk, reason=Off.PERSON):
        messages.success(request, _off_text(access, mine.pk))
    return redirect("payments:autopay", link_id)


def _access(request: SubscriberRequest, link_id: UUID) -> AccountAccess:
    """Return the holder's account, at a gas company: manual 2 has no autopay."""
    access = access_account(request, link_id)
    if not request.tenant.is_gas:
        raise Http404
    return access


def _connect_form(request: SubscriberRequest, access: AccountAccess) -> ConnectForm:
    initial = {"email": request.subscriber.email or "", "key": uuid4()}
    return ConnectForm(
        request.POST or None,
        initial=initial | (recovered_initial(request) if request.method == "GET" else {}),
        needs_captcha=payment_needs_captcha(request, access.account.pk),
        checkout=checkout_of_company(),
        hint=_limit_hint(access),
    )


def _limit_hint(access: AccountAccess) -> str:
    largest = largest_bill(access.account)
    hint = _("Если к оплате больше, мы ничего не спишем и спросим вас.")
    if largest <= 0:
        return hint
    text = _("За последний год больше всего было к оплате {sum}.")
    return f"{hint} {text.format(sum=rubles(largest))}"


def _connect_page(
    request: SubscriberRequest, access: AccountAccess, form: ConnectForm
) -> HttpResponse:
    context = {
        "access": access,
        "form": form,
        "sum": SAVING_SUM,
        "terms": autopay_consent(request.tenant).text,
        "checkout": form.checkout,
        "texts": payment_texts(),
    }
    return render(request, f"{_TEMPLATES}/connect.html", context)


def _off_text(access: AccountAccess, autopay_id: UUID) -> str:
    """Return what to say; a charge that has reached the bank already cannot be called back."""
    text = _("Автоплатёж отключён, сохранённый способ оплаты удалён. Больше мы ничего не спишем.")
    sent = Payment.objects.filter(autopay_runs__autopayment=autopay_id, sent_at__isnull=False)
    last = sent.filter(state__in=[Payment.State.PENDING, Payment.State.UNKNOWN]).first()
    if last is None:
        return text
    more = _("Платёж {sum} банк уже обрабатывает: он может ещё пройти.")
    return f"{text} {more.format(sum=rubles(last.amount))}"
