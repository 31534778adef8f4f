import datetime
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cabinet.subscribers.entry import entry_page
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.login import throttle
from cabinet.subscribers.registration import services
from cabinet.subscribers.registration.forms import RegistrationForm
from cabinet.subscribers.registration.pending import pending_of
from cabinet.subscribers.sessions import (
    delete_secret_cookie,
    secret_hash,
    session_start,
    set_secret_cookie,
)


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
    return entry_page(request, "register", register_form=form)


@require_POST
def resend(request: CabinetRequest) -> HttpResponse:
    pending = pending_of(request)
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


def _link_address(request: CabinetRequest) -> Callable[[str], str]:
    return lambda link: request.build_absolute_uri(reverse("subscribers:confirm", args=[link]))
