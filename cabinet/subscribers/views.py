import datetime
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cabinet.subscribers import services, throttle
from cabinet.subscribers.forms import LoginForm, RegistrationForm
from cabinet.subscribers.http import CabinetRequest, next_address
from cabinet.subscribers.models import PendingRegistration
from cabinet.subscribers.selectors import last_used_link
from cabinet.subscribers.sessions import (
    delete_secret_cookie,
    secret_hash,
    session_end,
    session_start,
    set_secret_cookie,
)


@never_cache
def entry(request: CabinetRequest) -> HttpResponse:
    """The last used account; the accounts page without one; a stranger gets the login."""
    if request.subscriber is None:
        pending = _pending_of(request)
        if pending:
            return render(request, "cabinet/subscribers/pending.html", {"pending": pending})
        return login(request)
    last = last_used_link(request.subscriber, request.tenant)
    return redirect("accounts:account", last.pk) if last else redirect("accounts:manage")


@never_cache
def login(request: CabinetRequest) -> HttpResponse:
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if throttle.login_blocked(request):
            form.add_error(None, _("Слишком много неудачных попыток. Попробуйте через 15 минут."))
        else:
            subscriber = services.subscriber_authenticate(**form.cleaned_data)
            if subscriber:
                response = HttpResponseRedirect(next_address(request))
                session_start(request, response, subscriber)
                return response
            throttle.login_failed(request)
            form.add_error(
                None, _("Ошибка авторизации. Проверьте адрес, язык и регистр ввода пароля.")
            )
    return _entry_page(request, "login", login_form=form)


@never_cache
def register(request: CabinetRequest) -> HttpResponse:
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if throttle.registration_blocked(request):
            form.add_error(None, _("С этого адреса слишком много регистраций. Попробуйте позже."))
        else:
            browser = services.registration_start(
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                company=request.tenant,
                link_address=_link_address(request),
            )
            response = redirect("subscribers:entry")
            lifetime = datetime.timedelta(hours=services.LINK_HOURS)
            set_secret_cookie(response, settings.REGISTRATION_COOKIE, browser, lifetime)
            return response
    return _entry_page(request, "register", register_form=form)


@require_POST
def resend(request: CabinetRequest) -> HttpResponse:
    pending = _pending_of(request)
    if pending is None:
        return redirect("subscribers:register")
    try:
        services.registration_resend(
            pending=pending, company=request.tenant, link_address=_link_address(request)
        )
    except services.ResendTooSoon:
        messages.warning(request, _("Письмо уже отправлено. Повторить можно через минуту."))
    else:
        messages.success(
            request, _("Отправили письмо ещё раз. Прежняя ссылка больше не действует.")
        )
    return redirect("subscribers:entry")


@never_cache
def confirm(request: CabinetRequest, link: str) -> HttpResponse:
    """A GET only shows the button: mail scanners open links too."""
    template = "cabinet/subscribers/confirm.html"
    if request.method != "POST":
        return render(request, template, {"expired": False})
    try:
        subscriber, pending = services.registration_confirm(link=link)
    except services.RegistrationExpired:
        return render(request, template, {"expired": True}, status=410)
    browser = request.COOKIES.get(settings.REGISTRATION_COOKIE, "")
    if browser and secret_hash(browser) == pending.browser_hash:
        response = redirect("subscribers:entry")
        session_start(request, response, subscriber)
        delete_secret_cookie(response, settings.REGISTRATION_COOKIE)
        messages.success(request, _("Адрес подтверждён. Теперь привяжите лицевой счёт."))
        return response
    # Another browser than the one that registered: whoever mailed this link must not log it in.
    messages.success(request, _("Адрес подтверждён. Теперь войдите."))
    return redirect("subscribers:login")


@require_POST
def logout(request: CabinetRequest) -> HttpResponse:
    response = redirect("subscribers:entry")
    session_end(request, response)
    return response


def _entry_page(
    request: CabinetRequest,
    tab: str,
    *,
    login_form: LoginForm | None = None,
    register_form: RegistrationForm | None = None,
) -> HttpResponse:
    context = {
        "tab": tab,
        "login_form": login_form or LoginForm(),
        "register_form": register_form or RegistrationForm(),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
    return render(request, "cabinet/subscribers/entry.html", context)


def _pending_of(request: CabinetRequest) -> PendingRegistration | None:
    browser = request.COOKIES.get(settings.REGISTRATION_COOKIE, "")
    if not browser:
        return None
    return PendingRegistration.objects.filter(
        browser_hash=secret_hash(browser), expires_at__gt=timezone.now()
    ).first()


def _link_address(request: CabinetRequest) -> Callable[[str], str]:
    return lambda link: request.build_absolute_uri(reverse("subscribers:confirm", args=[link]))
