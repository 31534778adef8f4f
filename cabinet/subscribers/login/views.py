from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cabinet.subscribers.consents.selectors import documents_renewed
from cabinet.subscribers.contact_form import asked_by
from cabinet.subscribers.entry import entry_page
from cabinet.subscribers.http import CabinetRequest, next_address
from cabinet.subscribers.login.browser import remember_browser
from cabinet.subscribers.login.forms import LoginForm
from cabinet.subscribers.login.passes import PassSpent, login_pass_use
from cabinet.subscribers.login.services import LoginBlocked, LoginFailed, subscriber_login
from cabinet.subscribers.login.throttle import Visitor
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.registration.page import pending_page
from cabinet.subscribers.registration.pending import pending_of
from cabinet.subscribers.selectors import last_used_link
from cabinet.subscribers.sessions import session_end, session_start

_FAILED = {
    "email": gettext_lazy("Ошибка авторизации. Проверьте адрес, язык и регистр ввода пароля."),
    "phone": gettext_lazy("Ошибка авторизации. Проверьте номер, язык и регистр ввода пароля."),
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
    """The last used account; the accounts page without one; a stranger gets the login."""
    if request.subscriber is None:
        pending = pending_of(request)
        return pending_page(request, pending) if pending else entry_page(request, "login")
    last = last_used_link(request.subscriber, request.tenant)
    return redirect("layout:information", last.pk) if last else redirect("accounts:manage")


@never_cache
def login(request: CabinetRequest) -> HttpResponse:
    form = LoginForm(request.POST or None, by=asked_by(request))
    if request.method == "POST" and form.is_valid() and form.contact:
        try:
            subscriber = subscriber_login(
                contact=form.contact,
                password=form.cleaned_data["password"],
                visitor=Visitor.of(request),
                company=request.tenant,
            )
        except LoginBlocked:
            form.add_error(None, _BLOCKED[form.chosen])
        except LoginFailed:
            form.add_error(None, _FAILED[form.chosen])
        else:
            response = HttpResponseRedirect(_after_login(request, subscriber))
            session_start(request, response, subscriber)
            remember_browser(request, response, subscriber)
            return response
    return entry_page(request, "login", login_form=form)


def _after_login(request: CabinetRequest, subscriber: Subscriber) -> str:
    """Where the person wanted to go; past a new wording of what was agreed to, if there is one."""
    wanted = next_address(request)
    if not documents_renewed(subscriber, request.tenant):
        return wanted
    return f"{reverse('subscribers:consents_renewal')}?{urlencode({'next': wanted})}"


@never_cache
def login_pass(request: CabinetRequest, link: str) -> HttpResponse:
    """The link out of the letter about wrong passwords. A GET only shows the button."""
    template = "cabinet/subscribers/login_pass.html"
    if request.method != "POST":
        return render(request, template)
    try:
        subscriber = login_pass_use(link=link)
    except PassSpent:
        return render(request, template, {"spent": True}, status=410)
    response = redirect("subscribers:login")
    remember_browser(request, response, subscriber)
    messages.success(
        request, _("Готово. Теперь введите пароль: в этом браузере счёт попыток новый.")
    )
    return response


@require_POST
def logout(request: CabinetRequest) -> HttpResponse:
    response = redirect("subscribers:entry")
    session_end(request, response)
    return response
