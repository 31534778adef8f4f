"""The pages of registration by application: the form, the letter, the first password (manual 2, 3.3)."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.accounts.applications.first_login import (
    FirstLoginDone,
    FirstLoginExpired,
    first_login_find,
    first_login_finish,
)
from cabinet.accounts.applications.forms import ApplicationForm
from cabinet.accounts.applications.limits import applications_blocked
from cabinet.accounts.applications.services import (
    LINK_DAYS,
    AlreadyWaiting,
    LinkExpired,
    application_confirm,
    application_find,
    application_resend,
    application_submit,
    letter_wait,
    registration_settings,
)
from cabinet.accounts.models import Application
from cabinet.subscribers.consents.documents import documents_to_accept
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry.limits import contact_blocked
from cabinet.subscribers.entry.registration import ResendTooSoon
from cabinet.subscribers.http import CabinetRequest, back_shows_answers, post_only
from cabinet.subscribers.passwords import NewPasswordForm
from portal.http.addresses import RequestOrigin
from portal.secrets import SignedToken, secret_cookie_set

# In the browser that applied: its page of the letter, and for an hour what was typed.
_SENT = SignedToken("cabinet.accounts.application", datetime.timedelta(days=LINK_DAYS))
_SHOWN_AGAIN = datetime.timedelta(hours=1)


def _where_offered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 where people register by a password; lead somebody logged in to the linking of accounts."""

    @wraps(view)
    def wrapper(request: CabinetRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not registration_settings().by_application:
            raise Http404
        if request.subscriber:
            return redirect("accounts:manage")
        return view(request, *args, **kwargs)

    return wrapper


@_where_offered
@back_shows_answers
def application(request: CabinetRequest) -> HttpResponse:
    """Ask for an account; the answer is the same whatever is known of it or of the address."""
    form = ApplicationForm(
        request.POST or None,
        documents=documents_to_accept(request.tenant),
        initial=_typed_before(request),
    )
    if request.method == "POST" and form.is_valid():
        contact = Contact("email", form.cleaned_data["email"])
        if applications_blocked(request):
            form.add_error(None, _("С этого адреса слишком много заявок. Попробуйте через час."))
        elif contact_blocked(contact):
            form.add_error(
                "email", _("Мы уже отправили сюда несколько сообщений. Попробуйте позже.")
            )
        else:
            sent = application_submit(
                fields=form.fields_given,
                documents=form.accepted,
                company=request.tenant,
                origin=RequestOrigin.of(request),
            )
            response = redirect("accounts:application_sent")
            lifetime = datetime.timedelta(days=LINK_DAYS)
            token = _SENT.make(str(sent.pk))
            secret_cookie_set(response, settings.APPLICATION_COOKIE, token, lifetime)
            return response
    context = {"form": form, "settings": registration_settings()}
    return render(request, "cabinet/accounts/applications/form.html", context)


@_where_offered
@never_cache
def application_sent(request: CabinetRequest) -> HttpResponse:
    """Name the address that the letter went to, in the browser that applied."""
    sent = _sent_here(request)
    if sent is None:
        return redirect("accounts:application")
    wait = letter_wait(sent)
    context = {
        "application": sent,
        "days": LINK_DAYS,
        "resend_wait": wait,
        "resend_minutes": -(-(wait or 0) // 60),
        "settings": registration_settings(),
    }
    return render(request, "cabinet/accounts/applications/sent.html", context)


@post_only("accounts:application_sent")
@_where_offered
def application_send_again(request: CabinetRequest) -> HttpResponse:
    sent = _sent_here(request)
    if sent is None:
        return redirect("accounts:application")
    if letter_wait(sent) == 0 and contact_blocked(Contact("email", sent.email)):
        messages.warning(request, _("Мы уже отправили сюда несколько сообщений. Попробуйте позже."))
        return redirect("accounts:application_sent")
    try:
        application_resend(application=sent, company=request.tenant)
    except ResendTooSoon:
        messages.warning(request, _("Отправить ещё раз можно чуть позже."))
    except LinkExpired:
        pass  # confirmed meanwhile: the page says so
    else:
        messages.success(
            request, _("Отправили письмо ещё раз. Прежняя ссылка больше не действует.")
        )
    return redirect("accounts:application_sent")


@never_cache
def application_confirm_page(request: CabinetRequest, link: str) -> HttpResponse:
    """Confirm by a letter's link. A GET only shows the button: mail scanners open links too."""
    template = "cabinet/accounts/applications/confirm.html"
    context: dict[str, Any] = {"settings": registration_settings()}
    try:
        if request.method == "POST":
            application_confirm(link=link)
            return redirect(request.path)
        context["application"] = application_find(link=link)
    except AlreadyWaiting as error:
        context |= {"application": error.waiting, "is_second": True}
    except LinkExpired:
        return render(request, template, context, status=410)
    return render(request, template, context)


@back_shows_answers
def first_login(request: CabinetRequest, link: str) -> HttpResponse:
    """Set the first password by the link of the approval's letter; then one logs in with it.

    Nobody is logged in by the link: whoever mails it to a victim knows the address.
    """
    template = "cabinet/accounts/applications/first_login.html"
    try:
        subscriber = first_login_find(link=link)
        form = NewPasswordForm(request.POST or None, subscriber=subscriber)
        if request.method == "POST" and form.is_valid():
            first_login_finish(link=link, password=form.cleaned_data["new_password"])
            messages.success(request, _("Пароль сохранён. Теперь войдите с ним."))
            return redirect("subscribers:login")
    except FirstLoginDone:
        return render(request, template, {"done": True})
    except FirstLoginExpired:
        return render(request, template, {"expired": True}, status=410)
    return render(request, template, {"form": form, "email": subscriber.email})


def _sent_here(request: CabinetRequest) -> Application | None:
    """Return the application that this browser has sent, while its letter's link is good."""
    pk = _SENT.read(request.COOKIES.get(settings.APPLICATION_COOKIE, ""))
    return Application.objects.filter(pk=pk).first() if pk else None


def _typed_before(request: CabinetRequest) -> dict[str, Any]:
    """Return what was typed here within the hour, for whoever corrects a mistake."""
    if not request.GET.get("again"):
        return {}
    sent = _sent_here(request)
    if sent is None or sent.state != Application.State.UNCONFIRMED:
        return {}
    if timezone.now() - sent.created_at > _SHOWN_AGAIN:
        return {}
    typed = {name: getattr(sent, name) for name in ApplicationForm.field_order}
    return {**typed, "document_date": sent.document_date.strftime("%d.%m.%Y")}
