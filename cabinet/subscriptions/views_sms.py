"""The block «Рассылка по смс»: telephones are added, edited, removed, confirmed and switched."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.notifications import sms_numbers as services
from cabinet.notifications.models import SmsNumber
from cabinet.subscribers.contact_forms import SmsCodeForm
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.forms import SmsNumberForm
from portal.http.addresses import client_network
from portal.limits import RateLimit, spend_all
from portal.messaging.registry import channel_available
from portal.secrets import CodeSpent, CodeWrong

# The number may be anybody's, so SMS to it are limited too.
BY_PERSON = (
    RateLimit("sms-number", RateLimitItemPerHour(6)),
    RateLimit("sms-number", RateLimitItemPerDay(20)),
)
BY_TARGET = (
    RateLimit("sms-number-target", RateLimitItemPerHour(4)),
    RateLimit("sms-number-target", RateLimitItemPerDay(10)),
)
# Whoever registers many cabinets.
BY_NETWORK = RateLimit("sms-number-network", RateLimitItemPerHour(30))
BY_COMPANY = RateLimit("sms-number-company", RateLimitItemPerDay(2000))


@subscriber_required
def add(request: SubscriberRequest) -> HttpResponse:
    """Add a telephone: «Добавить телефон»."""
    _assert_offered()
    numbers = {one.number for one in services.numbers_of(request.subscriber.pk)}
    own = request.subscriber.phone
    offered = str(Contact("phone", own)) if own and own not in numbers else ""
    form = SmsNumberForm(request.POST or None, initial={"phone": offered})
    if request.method == "POST" and form.is_valid():
        answer = _asked(request, form, None)
        if answer:
            return answer
    return render(request, "cabinet/subscriptions/sms/number.html", {"form": form})


@subscriber_required
def edit(request: SubscriberRequest, number_id: UUID) -> HttpResponse:
    """Change a telephone: «Редактировать»."""
    _assert_offered()
    row = _own(request, number_id)
    shown = str(Contact("phone", row.new_number or row.number))
    form = SmsNumberForm(request.POST or None, initial={"phone": shown})
    if request.method == "POST" and form.is_valid():
        answer = _asked(request, form, row)
        if answer:
            return answer
    context = {"form": form, "row": row}
    return render(request, "cabinet/subscriptions/sms/number.html", context)


@subscriber_required
def code(request: SubscriberRequest, number_id: UUID) -> HttpResponse:
    """Take the code of the SMS."""
    row = _own(request, number_id)
    waiting = services.waiting_number(row)
    if not waiting:
        return redirect("subscriptions:page")
    form = SmsCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.number_confirm(
                subscriber=request.subscriber,
                number_id=number_id,
                code=form.cleaned_data["code"],
            )
        except CodeWrong as wrong:
            form.refuse(wrong.tries_left)
        except CodeSpent:
            form.add_error("code", _("Этот код больше не действует. Запросите новый."))
        except (SmsNumber.DoesNotExist, Subscriber.DoesNotExist) as error:
            raise Http404 from error
        else:
            return _confirmed(request, row)
    context = {"form": form, "row": row, "phone": Contact("phone", waiting)}
    return render(request, "cabinet/subscriptions/sms/code.html", context)


@subscriber_required
def resend(request: SubscriberRequest, number_id: UUID) -> HttpResponse:
    """Send a new code."""
    row = _own(request, number_id)
    waiting = services.waiting_number(row)
    if request.method != "POST" or not waiting:
        return redirect("subscriptions:sms_code", number_id)
    _assert_offered()
    if not _may_write(request, waiting):
        messages.warning(request, _("Слишком много СМС. Попробуйте позже."))
        return redirect("subscriptions:sms_code", number_id)
    try:
        services.code_resend(
            subscriber=request.subscriber, number_id=number_id, company=request.tenant
        )
    except services.TooSoon:
        messages.warning(request, _("Мы только что отправили СМС. Повторить можно через минуту."))
    except (SmsNumber.DoesNotExist, Subscriber.DoesNotExist) as error:
        raise Http404 from error
    else:
        messages.success(request, _("Мы отправили новый код."))
    return redirect("subscriptions:sms_code", number_id)


@subscriber_required
def switch(request: SubscriberRequest, number_id: UUID) -> HttpResponse:
    """Send SMS to a number or keep silent: POST `on` is yes or no."""
    row = _own(request, number_id)
    if request.method == "POST":
        is_on = request.POST.get("on") == "yes"
        try:
            services.number_switch(subscriber=request.subscriber, number_id=number_id, is_on=is_on)
        except (SmsNumber.DoesNotExist, Subscriber.DoesNotExist) as error:
            raise Http404 from error
        said = (
            _("СМС будут приходить на номер %(phone)s.")
            if is_on
            else _("СМС на номер %(phone)s больше не будут приходить.")
        )
        messages.success(request, said % {"phone": Contact("phone", row.number)})
    return redirect("subscriptions:page")


@subscriber_required
def remove(request: SubscriberRequest, number_id: UUID) -> HttpResponse:
    """Remove a telephone, after a question: «Удалить»."""
    row = _own(request, number_id)
    phone = Contact("phone", row.number)
    if request.method == "POST":
        services.number_remove(subscriber=request.subscriber, number_id=number_id)
        messages.success(request, _("Номер %(phone)s удалён.") % {"phone": phone})
        return redirect("subscriptions:page")
    context = {"row": row, "phone": phone}
    return render(request, "cabinet/subscriptions/sms/remove.html", context)


def _own(request: SubscriberRequest, number_id: UUID) -> SmsNumber:
    for row in services.numbers_of(request.subscriber.pk):
        if row.pk == number_id:
            return row
    raise Http404


def _asked(
    request: SubscriberRequest, form: SmsNumberForm, row: SmsNumber | None
) -> HttpResponse | None:
    """Save the number and ask for its code; None with an error in the form."""
    number = form.cleaned_data["phone"]
    is_free = number == request.subscriber.phone and not services.number_is_refused(
        request.subscriber.pk, number
    )
    if not is_free and not _may_write(request, number):
        form.add_error(None, _("Слишком много попыток. Попробуйте позже."))
        return None
    try:
        if row is None:
            row = services.number_add(
                subscriber=request.subscriber, number=number, company=request.tenant
            )
        else:
            row = services.number_change(
                subscriber=request.subscriber,
                number_id=row.pk,
                number=number,
                company=request.tenant,
            )
    except services.NumberThere:
        form.add_error("phone", _("Этот номер уже есть в списке."))
        return None
    except services.TooManyNumbers:
        text = _("Можно добавить не больше %(most)d номеров. Удалите лишний.")
        form.add_error(None, text % {"most": services.MOST})
        return None
    except services.TooSoon as too_soon:
        row = too_soon.row
    except (SmsNumber.DoesNotExist, Subscriber.DoesNotExist) as error:
        raise Http404 from error
    if services.waiting_number(row):
        return redirect("subscriptions:sms_code", row.pk)
    return _confirmed(request, row)


def _confirmed(request: SubscriberRequest, row: SmsNumber) -> HttpResponse:
    text = _("СМС будут приходить на номер %(phone)s.") % {"phone": Contact("phone", row.number)}
    messages.success(request, text)
    return redirect("subscriptions:page")


def _may_write(request: SubscriberRequest, number: str) -> bool:
    target = Contact("phone", number).key
    return spend_all(
        *((limit, str(request.subscriber.pk)) for limit in BY_PERSON),
        *((limit, target) for limit in BY_TARGET),
        (BY_NETWORK, client_network(request)),
        (BY_COMPANY, request.tenant.schema_name),
    )


def _assert_offered() -> None:
    if not channel_available("sms"):
        raise Http404
