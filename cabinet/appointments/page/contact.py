"""The step of name and contact: it holds the time for a guest's code, or books for who is logged in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from limits import RateLimitItemPerHour

from cabinet.appointments.consents import consent_note
from cabinet.appointments.exceptions import (
    BookingClosed,
    CodeNotSent,
    TooManyBookings,
    WindowTaken,
)
from cabinet.appointments.lifecycle.confirming import appointment_book, appointment_code_send
from cabinet.appointments.lifecycle.holding import appointment_hold
from cabinet.appointments.models import Appointment
from cabinet.appointments.page.days import nearest_offers
from cabinet.appointments.page.forms import CONTACT, ContactForm
from cabinet.appointments.page.held import held_keep, held_window
from cabinet.appointments.page.steps import StepPage, Way, time_posted
from cabinet.subscribers.consents.documents import Kind, document_of
from cabinet.subscribers.contacts import contacts_initial
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest
from portal.http.addresses import client_network
from portal.limits import RateLimit
from portal.messaging.registry import channel_available
from tenants.http import TenantRequest

# A village or an office may share one address.
HOLDS = RateLimit("appointments:network", RateLimitItemPerHour(40))
HOLDS_OF_PERSON = RateLimit("appointments:person", RateLimitItemPerHour(10))
OTHER_TIME = "other_time"
TOO_MANY = gettext_lazy("У вас уже две записи на приём, больше нельзя. Отмените одну из них.")


def contact_answer(page: StepPage) -> HttpResponse:
    """Show the step of the contact for the chosen time; hold or book by a POST."""
    request = page.way.request
    own = held_window(request, page.choice)
    form = _form(page.way, request.POST or None, own)
    if request.method != "POST":
        return _show(page, form)
    if chosen := time_posted(request.POST.get(OTHER_TIME, "")):
        page = replace(page, choice=replace(page.choice, day=chosen.date(), time=chosen))
    if not form.is_valid():
        return _show(page, form)
    if not may_hold(request):
        form.add_error(None, _("С этого адреса записываются слишком часто. Попробуйте через час."))
        return _show(page, form, status=429)
    return _sent(page, form)


def may_hold(request: CabinetRequest | SubscriberRequest) -> bool:
    """Count a held time of a person or a visitor's network, and return whether it was within the limit."""
    if request.subscriber:
        return HOLDS_OF_PERSON.try_spend(str(request.subscriber.pk), when_down=True)
    return HOLDS.try_spend(client_network(request), when_down=True)


def _sent(page: StepPage, form: ContactForm) -> HttpResponse:
    try:
        appointment = _held(page, form)
        consent_note(page.way.request, appointment.form_key, form.cleaned_data.get("consent"))
        if page.way.subscriber:
            return _booked(page.way, appointment)
    except WindowTaken:
        return _taken(page, form, _("Пока вы заполняли форму, это время заняли"))
    except BookingClosed:
        return _taken(page, form, _("На это время записаться уже нельзя"))
    except TooManyBookings:
        form.add_error(None, TOO_MANY)
        return _show(page, form, too_many=True)
    return code_wanted(page.way.request, appointment)


def code_wanted(request: TenantRequest, appointment: Appointment) -> HttpResponse:
    """Send the code for a held time, and lead to the page that asks for it."""
    key = appointment.form_key
    response = HttpResponseRedirect(reverse("appointments:guest_code", args=[key]))
    if appointment.state == Appointment.State.HELD:
        with suppress(CodeNotSent):  # that page says when it may be asked for again
            appointment_code_send(appointment_pk=appointment.pk)
        held_keep(request, response, key)
    return response


def _held(page: StepPage, form: ContactForm) -> Appointment:
    way, choice = page.way, page.choice
    centre, service = choice.what
    assert choice.time  # noqa: S101 — the address has it
    source = Appointment.Source.CABINET if way.subscriber else Appointment.Source.GUEST
    return appointment_hold(
        centre=centre,
        service=service,
        starts_at=choice.time,
        source=source,
        form_key=form.cleaned_data["form_key"],
        contact_name=form.cleaned_data["contact_name"],
        phone=form.cleaned_data["phone"],
        email=form.cleaned_data["email"],
        comment=form.cleaned_data["comment"],
        account=way.access.account if way.access else None,
        subscriber_id=way.subscriber.pk if way.subscriber else None,
    )


def _booked(way: Way, appointment: Appointment) -> HttpResponse:
    """Lead to what the form has booked, among the person's own appointments."""
    if appointment.state == Appointment.State.HELD:
        appointment_book(appointment_pk=appointment.pk)
        messages.success(way.request, _("Вы записаны на приём."))
    return HttpResponseRedirect(reverse("appointments:one", args=[appointment.number]))


def _taken(page: StepPage, form: ContactForm, title: str) -> HttpResponse:
    offers = nearest_offers(page.way, page.choice, page.choice.time)
    return _show(page, form, taken=title, offers=offers)


def _show(page: StepPage, form: ContactForm, status: int = 200, **context: Any) -> HttpResponse:
    here = page.way.address(page.choice)
    return page.show("contact", status, form=form, here=here, **context)


def _form(way: Way, data: Any, own: Appointment | None) -> ContactForm:
    company = way.request.tenant
    consent = None if way.access else document_of(Kind.CONSENT, company)
    return ContactForm(
        data,
        by_sms=channel_available("sms"),
        consent=consent,
        is_known=way.subscriber is not None,
        initial=_initial(way, own),
    )


def _initial(way: Way, own: Appointment | None) -> dict[str, Any]:
    if own:
        return {name: getattr(own, name) for name in (*CONTACT, "form_key")}
    known = contacts_initial(way.subscriber) if way.subscriber else {}
    name = {"contact_name": way.access.account.masked_name} if way.access else {}
    return {**known, **name, **recovered_initial(way.request)}
