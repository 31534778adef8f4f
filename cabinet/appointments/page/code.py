"""The last step of a guest: the code that confirms the contact, while the time is held."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.appointments.exceptions import (
    AppointmentOver,
    BookingClosed,
    CodeNotSent,
    CodeTooSoon,
    TooManyBookings,
    WindowTaken,
)
from cabinet.appointments.lifecycle.confirming import appointment_code_send, appointment_confirm
from cabinet.appointments.lifecycle.holding import appointment_hold
from cabinet.appointments.models import Appointment
from cabinet.appointments.page.contact import OTHER_TIME, TOO_MANY, code_wanted, may_hold
from cabinet.appointments.page.days import nearest_offers
from cabinet.appointments.page.forms import CONTACT
from cabinet.appointments.page.held import held_of
from cabinet.appointments.page.steps import Choice, StepPage, Way, time_posted
from cabinet.appointments.selectors import code_contact
from cabinet.subscribers.contact_forms import SmsCodeForm
from cabinet.subscribers.contacts import Contact, contact_masked
from cabinet.subscribers.http import CabinetRequest, back_shows_answers
from portal.secrets import RESEND_AFTER, CodeSpent, CodeWrong

_WAITS = (Appointment.State.HELD, Appointment.State.EXPIRED)
_BY, _EMAIL = "by", "email"


@back_shows_answers
def code(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Ask for the code; the right one leads to the ticket."""
    held = held_of(request, key)
    if held is None:
        return Way(request).render("expired", {}, status=404)
    if held.state == Appointment.State.BOOKED and held.link_secret:
        return _to_ticket(held.link_secret)
    if held.state not in _WAITS:
        return Way(request).render("booked", {"appointment": held})
    if request.method != "POST":
        return _show(request, held, _form(request, held))
    if OTHER_TIME in request.POST:
        return _held_anew(request, held)
    form = _form(request, held, request.POST)
    return _confirmed(request, held, form) if form.is_valid() else _show(request, held, form)


@never_cache
def code_again(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Send a new code, by SMS or, where the person asks for it, to the e-mail address."""
    held = held_of(request, key)
    by_email = request.POST.get(_BY) == _EMAIL
    page = reverse("appointments:guest_code", args=[key])
    response = HttpResponseRedirect(f"{page}?{_BY}={_EMAIL}" if by_email else page)
    if held is None or request.method != "POST":
        return response
    try:
        appointment_code_send(appointment_pk=held.pk, by_email=by_email)
    except AppointmentOver:
        return response
    except CodeTooSoon:
        messages.warning(request, _("Код отправлен только что. Подождите минуту."))
    except CodeNotSent:
        messages.warning(request, _("Отправить код ещё раз не получилось. Позвоните нам: запишем."))
    else:
        messages.success(request, _("Отправили новый код. Прежний больше не действует."))
    return response


def _confirmed(request: CabinetRequest, held: Appointment, form: SmsCodeForm) -> HttpResponse:
    try:
        secret = appointment_confirm(appointment_pk=held.pk, code=form.cleaned_data["code"])
    except CodeWrong as wrong:
        form.refuse(wrong.tries_left)
    except CodeSpent:
        form.refuse(0)
    except TooManyBookings:
        form.add_error("code", TOO_MANY)
        return _show(request, held, form, too_many=True)
    except (WindowTaken, BookingClosed):
        return _taken(request, held)
    else:
        return _to_ticket(secret)
    return _show(request, held, form)


def _held_anew(request: CabinetRequest, held: Appointment) -> HttpResponse:
    """Hold another time for a person whose own was taken, with all that was typed."""
    starts_at = time_posted(request.POST[OTHER_TIME])
    if starts_at is None or held.service is None or not may_hold(request):
        return _taken(request, held)
    try:
        anew = appointment_hold(
            centre=held.centre,
            service=held.service,
            starts_at=starts_at,
            source=held.source,
            form_key=held.form_key,
            subscriber_id=held.subscriber_id,
            **{name: getattr(held, name) for name in CONTACT},
        )
    except (WindowTaken, BookingClosed, TooManyBookings):
        return _taken(request, held)
    return code_wanted(request, anew)


def _taken(request: CabinetRequest, held: Appointment) -> HttpResponse:
    """Offer the next times: the hold ran out, and somebody else has taken the window."""
    page = _page(request, held)
    offers = nearest_offers(page.way, page.choice, held.starts_at) if held.service else []
    title = _("Мы держали это время десять минут, потом его заняли")
    return _show(request, held, _form(request, held), taken=title, offers=offers)


def _form(request: CabinetRequest, held: Appointment, data: Any = None) -> SmsCodeForm:
    contact = _contact(request, held)
    return SmsCodeForm(data, by_email=contact is not None and contact.kind == "email")


def _contact(request: CabinetRequest, held: Appointment) -> Contact | None:
    by_email = request.GET.get(_BY) == _EMAIL and bool(held.email)
    return code_contact(held, by_email=by_email)


def _page(request: CabinetRequest, held: Appointment) -> StepPage:
    day = timezone.localtime(held.starts_at).date()
    choice = Choice(held.centre, held.service, day, held.starts_at)
    return StepPage(Way(request), choice, is_settled=True)


def _show(
    request: CabinetRequest, held: Appointment, form: SmsCodeForm, **context: Any
) -> HttpResponse:
    page, contact, now = _page(request, held), _contact(request, held), timezone.now()
    again = held.code_sent_at + RESEND_AFTER if held.code_sent_at else now
    return page.show(
        "code",
        form=form,
        here=request.get_full_path(),
        appointment=held,
        to=contact_masked(contact.value) if contact else "",
        by_sms=contact is not None and contact.kind == "phone",
        is_held=bool(held.held_until and held.held_until > now),
        resend_wait=max(0, round((again - now).total_seconds())),
        correct=page.way.address(page.choice),
        **context,
    )


def _to_ticket(secret: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("appointments:ticket", args=[secret]))
