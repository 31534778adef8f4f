import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cabinet.subscribers.consents.documents import documents_to_accept
from cabinet.subscribers.contact_form import asked_by
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry import entry_page
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.login.browser import remember_browser
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.registration import services, throttle
from cabinet.subscribers.registration.forms import RegistrationForm
from cabinet.subscribers.registration.messages import LINK_HOURS
from cabinet.subscribers.registration.page import CodeForm, pending_page
from cabinet.subscribers.registration.pending import pending_of
from cabinet.subscribers.sessions import (
    delete_secret_cookie,
    secret_hash,
    session_start,
    set_secret_cookie,
)
from portal.addresses import client_address
from portal.messaging.registry import channel_available


@never_cache
def register(request: CabinetRequest) -> HttpResponse:
    form = RegistrationForm(
        request.POST or None,
        by=asked_by(request),
        phone_offered=channel_available("sms"),
        documents=documents_to_accept(request.tenant),
    )
    if request.method == "POST" and form.is_valid() and form.contact:
        if throttle.place_blocked(request):
            form.add_error(
                None, _("С этого адреса слишком много регистраций. Попробуйте через час.")
            )
        elif throttle.contact_blocked(form.contact):
            form.add_error(
                form.chosen, _("Сюда уже отправили несколько сообщений. Попробуйте позже.")
            )
        else:
            browser = services.registration_start(
                contact=form.contact,
                password=form.cleaned_data["password"],
                documents=form.accepted,
                place=_place(request),
            )
            response = redirect("subscribers:entry")
            lifetime = datetime.timedelta(hours=LINK_HOURS)
            set_secret_cookie(response, settings.REGISTRATION_COOKIE, browser, lifetime)
            return response
    return entry_page(request, "register", register_form=form)


@require_POST
def resend(request: CabinetRequest) -> HttpResponse:
    pending = pending_of(request)
    if pending is None:
        return redirect("subscribers:register")
    if services.resend_wait(pending) == 0 and throttle.contact_blocked(Contact.of(pending)):
        messages.warning(request, _("Сюда уже отправили несколько сообщений. Попробуйте позже."))
        return redirect("subscribers:entry")
    try:
        services.registration_resend(pending=pending, place=_place(request))
    except services.ResendTooSoon:
        messages.warning(request, _("Ещё рано: повторить можно, когда закончится отсчёт."))
    else:
        messages.success(request, _sent_again(pending.phone))
    return redirect("subscribers:entry")


def _sent_again(phone: str) -> str:
    if phone:
        return _("Отправили новый код. Прежний больше не действует.")
    return _("Отправили письмо ещё раз. Прежняя ссылка больше не действует.")


@never_cache
def confirm_code(request: CabinetRequest) -> HttpResponse:
    pending, form = pending_of(request), CodeForm(request.POST)
    # A telephone that has forgotten the page of a wrong code asks for its address.
    if pending is None or request.method != "POST":
        return redirect("subscribers:entry")
    if form.is_valid():
        try:
            subscriber = services.registration_confirm_by_code(
                pending=pending, code=form.cleaned_data["code"]
            )
        except services.CodeWrong as error:
            form.refuse(error.tries_left)
        except services.CodeSpent:
            form.refuse(0)
        except (services.RegistrationExpired, services.AlreadyConfirmed):
            return redirect("subscribers:entry")
        else:
            return _welcome(request, subscriber, _("Телефон подтверждён."))
    return pending_page(request, pending, form)


@never_cache
def confirm(request: CabinetRequest, link: str) -> HttpResponse:
    """A GET only shows the button: mail scanners open links too."""
    template = "cabinet/subscribers/confirm.html"
    if request.method != "POST":
        return render(request, template)
    try:
        subscriber, pending = services.registration_confirm(link=link)
    except services.AlreadyConfirmed:
        return render(request, template, {"done": True})
    except services.RegistrationExpired:
        return render(request, template, {"expired": True}, status=410)
    browser = request.COOKIES.get(settings.REGISTRATION_COOKIE, "")
    if browser and secret_hash(browser) == pending.browser_hash:
        return _welcome(request, subscriber, _("Адрес подтверждён."))
    # Another browser than the one that registered: whoever mailed this link must not log it in.
    messages.success(request, _("Адрес подтверждён. Теперь войдите."))
    return redirect("subscribers:login")


def _welcome(request: CabinetRequest, subscriber: Subscriber, text: str) -> HttpResponse:
    response = redirect("subscribers:entry")
    session_start(request, response, subscriber)
    remember_browser(request, response, subscriber)
    delete_secret_cookie(response, settings.REGISTRATION_COOKIE)
    # A fund's account cannot be linked by the person yet.
    next_step = f" {_('Теперь привяжите лицевой счёт.')}" if request.tenant.is_gas else ""
    messages.success(request, f"{text}{next_step}")
    return response


def _place(request: CabinetRequest) -> services.Place:
    return services.Place(
        company=request.tenant,
        host=request.get_host(),
        address=client_address(request)[:45],
        link_address=lambda link: request.build_absolute_uri(
            reverse("subscribers:confirm", args=[link])
        ),
        login_url=request.build_absolute_uri(reverse("subscribers:login")),
    )
