"""The pages of login and registration."""

import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from cabinet.subscribers.browsers import pending_of, pending_show, remember_browser
from cabinet.subscribers.consents.documents import documents_to_accept
from cabinet.subscribers.consents.services import documents_renewed
from cabinet.subscribers.contact_forms import SmsCodeForm, asked_by
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry import limits, registration
from cabinet.subscribers.entry.forms import (
    ConfirmAnewForm,
    ConfirmForm,
    LoginForm,
    RegistrationForm,
)
from cabinet.subscribers.entry.login import (
    LoginBlocked,
    LoginFailed,
    LoginUnconfirmed,
    subscriber_login,
)
from cabinet.subscribers.entry.unlock_links import UnlockLinkSpent, unlock_link_use
from cabinet.subscribers.http import (
    CabinetRequest,
    back_shows_answers,
    next_address,
    post_only,
)
from cabinet.subscribers.models import PendingRegistration, Subscriber
from cabinet.subscribers.selectors import last_used_link
from cabinet.subscribers.sessions import session_end, session_start
from cms_pages.models import GuidePage
from portal.http.addresses import RequestOrigin
from portal.messaging.registry import channel_available
from portal.secrets import (
    CODE_LIFETIME,
    CodeSpent,
    CodeWrong,
    secret_cookie_delete,
    secret_cookie_set,
)

_FAILED = {
    "email": gettext_lazy(
        "Ошибка авторизации. Проверьте адрес электронной почты, язык и регистр пароля."
    ),
    "phone": gettext_lazy("Ошибка авторизации. Проверьте номер телефона, язык и регистр пароля."),
}
_BLOCKED = {
    "email": gettext_lazy(
        "Слишком много неудачных попыток. Попробуйте через 15 минут. Если кабинет с этим адресом есть, "
        "мы отправили на него письмо: по ссылке из него можно войти сразу."
    ),
    "phone": gettext_lazy(
        "Слишком много неудачных попыток. Попробуйте через 15 минут. Если кабинет с этим номером есть, "
        "мы отправили на него СМС: по ссылке из неё можно войти сразу."
    ),
}


@never_cache
def entry(request: CabinetRequest) -> HttpResponse:
    """Redirect to the last used account or the accounts page; without a login show the login."""
    if request.subscriber is None:
        pending = pending_of(request)
        return _pending_page(request, pending) if pending else _entry_page(request, "login")
    last = last_used_link(request.subscriber, request.tenant)
    return redirect("layout:information", last.pk) if last else redirect("accounts:manage")


@back_shows_answers
def login(request: CabinetRequest) -> HttpResponse:
    form = LoginForm(request.POST or None, by=asked_by(request))
    if request.method == "POST" and form.is_valid() and form.contact:
        try:
            subscriber = subscriber_login(
                contact=form.contact,
                password=form.cleaned_data["password"],
                client=limits.LoginClient.of(request),
                company=request.tenant,
            )
        except LoginBlocked:
            form.add_error(None, _BLOCKED[form.chosen])
        except LoginFailed:
            form.add_error(None, _FAILED[form.chosen])
        except LoginUnconfirmed as unconfirmed:
            response = redirect("subscribers:entry")
            pending_show(request, response, unconfirmed.pending)
            return response
        else:
            response = HttpResponseRedirect(_after_login(request, subscriber))
            session_start(request, response, subscriber)
            remember_browser(request, response, subscriber)
            return response
    return _entry_page(request, "login", form)


@never_cache
def unlock(request: CabinetRequest, link: str) -> HttpResponse:
    """Use an unlock link. A GET only shows the button: mail scanners open links too."""
    template = "cabinet/subscribers/login_unlock.html"
    if request.method != "POST":
        return render(request, template)
    try:
        subscriber = unlock_link_use(secret=link)
    except UnlockLinkSpent:
        return render(request, template, {"spent": True}, status=410)
    response = redirect("subscribers:login")
    remember_browser(request, response, subscriber)
    messages.success(request, _("Вход разблокирован. Теперь введите пароль."))
    return response


@post_only("subscribers:entry")
def logout(request: CabinetRequest) -> HttpResponse:
    response = redirect("subscribers:entry")
    session_end(request, response)
    return response


@back_shows_answers
def register(request: CabinetRequest) -> HttpResponse:
    """Register by a password; where people register by an application, lead to it."""
    if address := registration.other_registration():
        return redirect(address)
    form = RegistrationForm(
        request.POST or None,
        by=asked_by(request),
        phone_offered=channel_available("sms"),
        documents=documents_to_accept(request.tenant),
    )
    if request.method == "POST" and form.is_valid() and form.contact:
        if limits.registration_blocked(request):
            form.add_error(
                None, _("С этого адреса слишком много регистраций. Попробуйте через час.")
            )
        elif limits.contact_blocked(form.contact):
            form.add_error(
                form.chosen, _("Мы уже отправили сюда несколько сообщений. Попробуйте позже.")
            )
        else:
            browser = registration.registration_start(
                contact=form.contact,
                password=form.cleaned_data["password"],
                documents=form.accepted,
                company=request.tenant,
                origin=RequestOrigin.of(request),
            )
            response = redirect("subscribers:entry")
            lifetime = datetime.timedelta(hours=registration.LINK_HOURS)
            secret_cookie_set(response, settings.REGISTRATION_COOKIE, browser, lifetime)
            return response
    return _entry_page(request, "register", form)


@post_only("subscribers:entry")
def resend(request: CabinetRequest) -> HttpResponse:
    pending = pending_of(request)
    if pending is None:
        return redirect("subscribers:register")
    if registration.resend_wait(pending) == 0 and limits.contact_blocked(Contact.of(pending)):
        messages.warning(request, _("Мы уже отправили сюда несколько сообщений. Попробуйте позже."))
        return redirect("subscribers:entry")
    try:
        registration.registration_resend(pending=pending, company=request.tenant)
    except registration.ResendTooSoon:
        messages.warning(request, _("Отправить ещё раз можно чуть позже."))
    else:
        text = _("Отправили письмо ещё раз. Прежняя ссылка больше не действует.")
        if pending.phone:
            text = _("Отправили новый код. Прежний больше не действует.")
        messages.success(request, text)
    return redirect("subscribers:entry")


@back_shows_answers
def confirm_code(request: CabinetRequest) -> HttpResponse:
    pending, form = pending_of(request), SmsCodeForm(request.POST)
    # Browsers that reload a discarded tab send GET: back to the page with the code form.
    if pending is None or request.method != "POST":
        return redirect("subscribers:entry")
    if form.is_valid():
        try:
            subscriber = registration.registration_confirm_by_code(
                pending=pending, code=form.cleaned_data["code"]
            )
        except CodeWrong as error:
            form.refuse(error.tries_left)
        except CodeSpent:
            form.refuse(0)
        except (registration.RegistrationExpired, registration.AlreadyConfirmed):
            return redirect("subscribers:entry")
        else:
            return _welcome(request, subscriber, _("Телефон подтверждён."))
    return _pending_page(request, pending, form)


@back_shows_answers
def confirm(request: CabinetRequest, link: str) -> HttpResponse:
    """Confirm by a mail's link. A GET only shows the page: mail scanners open links too.

    The browser that registered has a button. Another one is asked for the password of the registration,
    or, with `?new=1`, for a new one: whoever reads the mail need not have registered.
    """
    template = "cabinet/subscribers/confirm.html"
    try:
        pending = registration.registration_find(link=link)
        is_here = registration.registered_in(pending, _registering_browser(request))
        form = None if is_here else _confirm_form(request, pending)
        if request.method == "POST" and (form is None or form.is_valid()):
            answer = _confirmed(request, pending, link, form)
            if answer:
                return answer
    except registration.AlreadyConfirmed:
        return render(request, template, {"done": True})
    except registration.RegistrationExpired:
        return render(request, template, {"expired": True}, status=410)
    context = {
        "form": form,
        "contact": Contact.of(pending),
        "anew": isinstance(form, ConfirmAnewForm),
    }
    return render(request, template, context)


def _registering_browser(request: CabinetRequest) -> str:
    return request.COOKIES.get(settings.REGISTRATION_COOKIE, "")


def _confirm_form(
    request: CabinetRequest, pending: PendingRegistration
) -> ConfirmForm | ConfirmAnewForm:
    if not request.GET.get("new"):
        return ConfirmForm(request.POST or None)
    return ConfirmAnewForm(
        request.POST or None,
        contact=Contact.of(pending),
        documents=documents_to_accept(request.tenant),
    )


def _confirmed(
    request: CabinetRequest,
    pending: PendingRegistration,
    link: str,
    form: ConfirmForm | ConfirmAnewForm | None,
) -> HttpResponse | None:
    """Confirm with a valid form, or in the browser that registered; None with an error at the form."""
    if isinstance(form, ConfirmAnewForm):
        registration.registration_confirm_anew(
            link=link,
            password=form.cleaned_data["password"],
            documents=form.accepted,
            company=request.tenant,
            origin=RequestOrigin.of(request),
        )
        # The sender of a planted link must not log anybody in: the owner of the address knows it.
        messages.success(
            request, _("Адрес электронной почты подтверждён. Теперь войдите с новым паролем.")
        )
        return redirect("subscribers:login")
    if form and limits.confirmation_blocked(pending):
        form.add_error("password", _("Слишком много неверных попыток. Задайте новый пароль."))
        return None
    try:
        subscriber = registration.registration_confirm(
            link=link,
            browser=_registering_browser(request),
            password=form.cleaned_data["password"] if form else "",
        )
    except registration.RegisteredElsewhere:
        text = _(
            "Пароль не подошёл. Проверьте язык, заглавные и строчные буквы или задайте новый пароль."
        )
        form.add_error("password", text) if form else None
        return None
    return _welcome(request, subscriber, _("Адрес электронной почты подтверждён."))


def _after_login(request: CabinetRequest, subscriber: Subscriber) -> str:
    """Return the address asked for, by way of the page of renewed documents if there are any."""
    wanted = next_address(request)
    if not documents_renewed(subscriber, request.tenant):
        return wanted
    return f"{reverse('subscribers:consents_renewal')}?{urlencode({'next': wanted})}"


def _welcome(request: CabinetRequest, subscriber: Subscriber, text: str) -> HttpResponse:
    response = redirect("subscribers:entry")
    session_start(request, response, subscriber)
    remember_browser(request, response, subscriber)
    secret_cookie_delete(response, settings.REGISTRATION_COOKIE)
    messages.success(request, f"{text} {_('Теперь привяжите лицевой счёт.')}")
    return response


def _entry_page(
    request: CabinetRequest, tab: str, form: LoginForm | RegistrationForm | None = None
) -> HttpResponse:
    """Show the tabs «Вход» and «Регистрация» (manual 1, figure 1)."""
    context = {
        "tab": tab,
        "application_url": registration.other_registration(),
        "form": form or LoginForm(by=asked_by(request)),
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "documents": documents_to_accept(request.tenant),
        "guide": GuidePage.objects.live().public().order_by("path").first(),
    }
    return render(request, "cabinet/subscribers/entry.html", context)


def _pending_page(
    request: CabinetRequest, pending: PendingRegistration, form: SmsCodeForm | None = None
) -> HttpResponse:
    """Show the page of an unconfirmed registration, with what is left to do."""
    wait = registration.resend_wait(pending)
    context = {
        "pending": pending,
        "contact": Contact.of(pending),
        "form": (form or SmsCodeForm()) if pending.phone else None,
        "resend_wait": wait,
        "resend_minutes": -(-(wait or 0) // 60),
        "code_minutes": int(CODE_LIFETIME.total_seconds() // 60),
    }
    return render(request, "cabinet/subscribers/pending.html", context)
