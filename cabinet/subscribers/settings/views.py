"""«Настройки»: the tabs, and the password."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.subscribers.browsers import remember_browser
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import ContactChange
from cabinet.subscribers.passwords import NewPasswordForm, RecoveredPasswordForm, password_change
from cabinet.subscribers.sessions import session_start
from cabinet.subscribers.settings.contact_changes import change_waiting
from cabinet.subscribers.settings.forms import EmailChangeForm, PasswordForm
from portal.messaging.registry import channel_available
from tenants.models import GasCompany


def settings_page(request: SubscriberRequest, **forms: Any) -> HttpResponse:
    """Show «Аккаунт» with the form that was sent, if one was."""
    person = request.subscriber
    context = {
        "tab": "account",
        "phone_offered": channel_available("sms"),
        "phone": Contact("phone", person.phone) if person.phone else None,
        "email_form": EmailChangeForm(subscriber=person),
        "password_form": _password_form(request),
        "email_waiting": change_waiting(person, ContactChange.Kind.EMAIL),
        **forms,
    }
    return render(request, "cabinet/subscribers/settings/account.html", context)


@subscriber_required
def account(request: SubscriberRequest) -> HttpResponse:
    return settings_page(request)


@subscriber_required
def password(request: SubscriberRequest) -> HttpResponse:
    """Change the password and end other logins on all hosts; this one goes on under a fresh token."""
    if request.method != "POST":
        return redirect("subscribers:settings")
    form = _password_form(request, request.POST)
    if not form.is_valid():
        return settings_page(request, password_form=form)
    return _changed(request, form, redirect("subscribers:settings"))


@subscriber_required
def new_password(request: SubscriberRequest) -> HttpResponse:
    """Ask for a new password after a login by a temporary one; nothing else is open then."""
    by = request.subscriber_session.recovering_by
    if not by:
        return redirect("subscribers:settings")
    form = RecoveredPasswordForm(request.POST or None, subscriber=request.subscriber, by=by)
    if request.method == "POST" and form.is_valid():
        return _changed(request, form, redirect("subscribers:entry"))
    return render(request, "cabinet/subscribers/settings/new_password.html", {"form": form})


def _password_form(request: SubscriberRequest, sent: QueryDict | None = None) -> PasswordForm:
    """Return the form in the words of the company's manual."""
    form = PasswordForm(sent, subscriber=request.subscriber)
    if request.tenant.kind == GasCompany.Kind.CAPITAL_REPAIR:
        form.fields["repeated_password"].label = _("Подтвердите новый пароль")
    return form


def _changed(
    request: SubscriberRequest, form: NewPasswordForm, response: HttpResponse
) -> HttpResponse:
    subscriber = password_change(
        subscriber=request.subscriber,
        session=request.subscriber_session,
        new_password=form.cleaned_data["new_password"],
        company=request.tenant,
        keep=form.cleaned_data.get("keep", ()),
    )
    session_start(request, response, subscriber)
    remember_browser(request, response, subscriber)
    messages.success(request, _("Пароль изменён. На других устройствах нужно будет войти заново."))
    return response
