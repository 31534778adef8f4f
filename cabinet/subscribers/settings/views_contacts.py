"""The pages that change an e-mail address or telephone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.subscribers.contact_forms import SmsCodeForm
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import (
    CabinetRequest,
    SubscriberRequest,
    subscriber_required,
)
from cabinet.subscribers.models import ContactChange
from cabinet.subscribers.passwords import ConfirmedForm
from cabinet.subscribers.settings import contact_changes as services
from cabinet.subscribers.settings.forms import EmailChangeForm, PhoneChangeForm
from cabinet.subscribers.settings.views import settings_page
from portal.limits import RateLimit, spend_all
from portal.messaging.registry import channel_available
from portal.secrets import CodeWrong

Kind = ContactChange.Kind
# The new contact may be anybody's, so messages to it are limited too.
BY_PERSON = RateLimit("contact-change", RateLimitItemPerHour(6))
BY_TARGET = (
    RateLimit("contact-change-target", RateLimitItemPerHour(4)),
    RateLimit("contact-change-target", RateLimitItemPerDay(10)),
)


@subscriber_required
def email(request: SubscriberRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("subscribers:settings")
    form = EmailChangeForm(request.POST, subscriber=request.subscriber)
    if form.is_valid() and _started(request, form, Kind.EMAIL):
        text = _(
            "Мы отправили письмо на %(email)s. Перейдите по ссылке из письма, чтобы подтвердить адрес."
        )
        messages.success(request, text % {"email": form.cleaned_data["email"]})
        return redirect("subscribers:settings")
    return settings_page(request, email_form=form)


@never_cache
@subscriber_required
def email_confirm(request: SubscriberRequest, secret: str) -> HttpResponse:
    """Confirm by a letter's link; a GET only shows the button, because mail scanners open links too.

    Another person's link is a 404.
    """
    change = services.email_change_of(request.subscriber, secret)
    if change is None:
        raise Http404
    if request.method != "POST":
        context = {"change": change}
        return render(request, "cabinet/subscribers/settings/email_confirm.html", context)
    try:
        services.email_confirm(subscriber=request.subscriber, secret=secret)
    except services.ChangeExpired as error:
        raise Http404 from error
    except services.ContactTaken:
        messages.error(
            request,
            _("Этот адрес электронной почты занят: с ним уже есть другой личный кабинет."),
        )
    else:
        messages.success(
            request, _("Адрес электронной почты изменён: %(email)s.") % {"email": change.value}
        )
    return redirect("subscribers:settings")


@subscriber_required
def phone(request: SubscriberRequest) -> HttpResponse:
    """Ask for the number; the code follows. 404 where no SMS can be sent."""
    if not channel_available("sms"):
        raise Http404
    form = PhoneChangeForm(request.POST or None, subscriber=request.subscriber)
    if request.method == "POST" and form.is_valid() and _started(request, form, Kind.PHONE):
        return redirect("subscribers:phone_code")
    context = {"form": form}
    return render(request, "cabinet/subscribers/settings/phone.html", context)


@subscriber_required
def phone_code(request: SubscriberRequest) -> HttpResponse:
    change = services.change_waiting(request.subscriber, Kind.PHONE)
    if change is None:
        return redirect("subscribers:phone")
    form = SmsCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.phone_confirm(subscriber=request.subscriber, code=form.cleaned_data["code"])
        except CodeWrong as wrong:
            form.refuse(wrong.tries_left)
        except services.ChangeExpired:
            messages.error(request, _("Код больше не действует. Запросите новый."))
            return redirect("subscribers:phone")
        except services.ContactTaken:
            messages.error(request, _("Этот номер занят: с ним уже есть личный кабинет."))
            return redirect("subscribers:phone")
        else:
            messages.success(request, _("Номер телефона подтверждён."))
            return redirect("subscribers:settings")
    context = {"form": form, "phone": Contact("phone", change.value)}
    return render(request, "cabinet/subscribers/settings/phone_code.html", context)


@never_cache
def stop(request: CabinetRequest, secret: str) -> HttpResponse:
    """Stop a change by the warning's link, without a login: the owner may be locked out."""
    template = "cabinet/subscribers/settings/stop.html"
    change = services.change_to_stop(secret)
    if change is None:
        return render(request, template, {"state": "expired"}, status=410)
    if request.method != "POST":
        return render(request, template, {"state": "ask", "change": change})
    try:
        services.change_stop(secret=secret)
    except services.ChangeExpired:
        return render(request, template, {"state": "expired"}, status=410)
    except services.ContactTaken:
        return render(request, template, {"state": "taken"}, status=409)
    return render(request, template, {"state": "stopped", "change": change})


def _started(request: SubscriberRequest, form: ConfirmedForm, kind: str) -> bool:
    value = form.cleaned_data[str(kind)]
    contact = Contact("phone" if kind == Kind.PHONE else "email", value)
    if _too_many(request, contact.key):
        form.add_error(None, _("Слишком много попыток. Попробуйте позже."))
        return False
    try:
        services.change_start(
            subscriber=request.subscriber,
            kind=kind,
            value=value,
            company=request.tenant,
        )
    except services.ChangeTooSoon:
        form.add_error(None, _("Мы уже отправили сообщение. Повторить можно через минуту."))
        return False
    except services.ChangeExpired as error:
        raise Http404 from error
    return True


def _too_many(request: SubscriberRequest, target: str) -> bool:
    """Count a change by person and by target, and return whether there are too many."""
    by_target = [(limit, target) for limit in BY_TARGET]
    return not spend_all((BY_PERSON, str(request.subscriber.pk)), *by_target)
