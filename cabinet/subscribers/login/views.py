from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry import entry_page
from cabinet.subscribers.http import CabinetRequest, next_address
from cabinet.subscribers.login import throttle
from cabinet.subscribers.login.forms import LoginForm
from cabinet.subscribers.login.services import subscriber_authenticate
from cabinet.subscribers.registration.pending import pending_of
from cabinet.subscribers.selectors import last_used_link
from cabinet.subscribers.sessions import session_end, session_start


@never_cache
def entry(request: CabinetRequest) -> HttpResponse:
    """The last used account; the accounts page without one; a stranger gets the login."""
    if request.subscriber is None:
        pending = pending_of(request)
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
            subscriber = subscriber_authenticate(
                contact=Contact("email", form.cleaned_data["email"]),
                password=form.cleaned_data["password"],
            )
            if subscriber:
                response = HttpResponseRedirect(next_address(request))
                session_start(request, response, subscriber)
                return response
            throttle.login_failed(request)
            form.add_error(
                None, _("Ошибка авторизации. Проверьте адрес, язык и регистр ввода пароля.")
            )
    return entry_page(request, "login", login_form=form)


@require_POST
def logout(request: CabinetRequest) -> HttpResponse:
    response = redirect("subscribers:entry")
    session_end(request, response)
    return response
