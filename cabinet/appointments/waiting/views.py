"""The pages of the waiting list: joining it, the code, and an entry with what is offered."""

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from limits import RateLimitItemPerHour

from cabinet.appointments.consents import consent_note
from cabinet.appointments.exceptions import CodeTooSoon, TooManyBookings
from cabinet.appointments.limits import may_code_be_sent
from cabinet.appointments.models import WaitingEntry
from cabinet.appointments.waiting import joining, offers
from cabinet.appointments.waiting.forms import GuestWishForm, NamedWishForm, WishForm
from cabinet.appointments.waiting.notices import entry_path, moment_until, replaced
from cabinet.appointments.waiting.selectors import waiting_for
from cabinet.appointments.waiting.subject import Subject, subject_of
from cabinet.subscribers.consents.documents import Kind, document_of
from cabinet.subscribers.contact_forms import SmsCodeForm
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import (
    CabinetRequest,
    SubscriberRequest,
    back_shows_answers,
    subscriber_required,
)
from cms_pages.selectors import company_phone
from cms_pages.stored.frame import render_framed
from portal.http.addresses import client_network
from portal.limits import RateLimit
from portal.secrets import CodeSpent, CodeWrong, secret_hash

_JOINED = RateLimit("appointments:waiting", RateLimitItemPerHour(30))
_ENOUGH_CODES = gettext_lazy("Мы уже отправили сюда несколько сообщений. Попробуйте через час.")
_TOO_MANY = gettext_lazy(
    "Вы уже ждёте в двух местах. Чтобы ждать здесь, выйдите из одного листа ожидания."
)


@back_shows_answers
def waiting(
    request: CabinetRequest, centre: int | None = None, service: int | None = None
) -> HttpResponse:
    """Join the list: by POST; a guest is led to the code, who is known to his entry."""
    subject = subject_of(request, centre, service)
    if subject is None:
        return _page(request, "nothing", {}, status=404)
    entry = waiting_for(subject.appointment) if subject.appointment else None
    if entry and request.POST.get("action") == "leave":
        offers.waiting_leave(entry_pk=entry.pk)
        messages.success(request, _("Вы вышли из листа ожидания."))
        return redirect(_back(request, subject))
    form = _wish_form(request, subject)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not _JOINED.try_spend(client_network(request), when_down=True):
            form.add_error(None, _("Отсюда слишком много записей. Попробуйте через час."))
            status = 429
        elif answer := _joined(request, subject, form):
            return answer
    context = {"form": form, "subject": subject, "back": _back(request, subject), "entry": entry}
    return _page(request, "join", context, status=status)


@back_shows_answers
def waiting_code(request: CabinetRequest, key: UUID) -> HttpResponse:
    """Take the code of a guest, or send a new one (POST `again`)."""
    entry = get_object_or_404(WaitingEntry, form_key=key, subscriber_id=None)
    if entry.state != WaitingEntry.State.UNCONFIRMED:
        return _page(request, "joined", {"entry": entry})
    if "again" in request.POST:
        return _code_again(request, entry)
    form = SmsCodeForm(request.POST or None, by_email=bool(entry.email))
    if request.method == "POST" and form.is_valid():
        try:
            secret = joining.waiting_confirm(entry_pk=entry.pk, code=form.cleaned_data["code"])
        except CodeWrong as wrong:
            form.refuse(wrong.tries_left)
        except CodeSpent:
            form.add_error("code", _("Этот код больше не действует. Запросите новый."))
        except joining.TooManyEntries:
            form.add_error(None, _TOO_MANY)
        except joining.AlreadyJoined:
            return redirect(request.path)
        else:
            return redirect("appointments:offer", secret)
    contact = Contact("phone" if entry.phone else "email", entry.contact)
    return _page(request, "code", {"form": form, "entry": entry, "contact": contact})


@back_shows_answers
def offer(request: CabinetRequest, secret: str) -> HttpResponse:
    """Show an entry by the link of its last message; POST accepts, declines or leaves."""
    entries = WaitingEntry.objects.select_related("centre", "service", "appointment", "offered")
    entry = entries.filter(link_hash=secret_hash(secret)).first()
    if entry is None:
        return _page(request, "dead", {}, status=410)
    return _entry(request, entry)


@subscriber_required
def waiting_entry(request: SubscriberRequest, key: UUID) -> HttpResponse:
    """Show an entry of one's own; POST accepts, declines or leaves."""
    entries = WaitingEntry.objects.select_related("centre", "service", "appointment", "offered")
    entry = get_object_or_404(entries, form_key=key, subscriber_id=request.subscriber.pk)
    return _entry(request, entry)


def _entry(request: Any, entry: WaitingEntry) -> HttpResponse:
    action = request.POST.get("action", "") if request.method == "POST" else ""
    if action:
        return _acted(request, entry, action)
    window = offers.offer_open(entry)
    begins = timezone.localtime(window.starts_at) if window else None
    context = {
        "entry": entry,
        "window": window,
        "begins": begins,
        "until": moment_until(window.held_until) if window and window.held_until else "",
        "replaces": replaced(entry),
    }
    return _page(request, "entry", context)


def _acted(request: Any, entry: WaitingEntry, action: str) -> HttpResponse:
    """Do what a button says. `window` is what its page has shown: by now something else may be offered."""
    shown = request.POST.get("window", "")
    window_pk = int(shown) if shown.isdecimal() and len(shown) < 18 else 0
    try:
        if action == "accept":
            return _booked(request, offers.offer_accept(entry_pk=entry.pk, window_pk=window_pk))
        if action == "decline":
            left = offers.offer_decline(entry_pk=entry.pk, window_pk=window_pk)
            if left.state == WaitingEntry.State.WAITING:
                messages.success(
                    request, _("Предложим это время другим. Вы остались в листе ожидания.")
                )
        if action == "leave":
            offers.waiting_leave(entry_pk=entry.pk)
    except offers.OfferOver:
        messages.warning(request, _("Этого времени больше нет: срок ответа вышел."))
    except TooManyBookings:
        messages.warning(
            request, _("У вас уже две записи на приём. Отмените одну, чтобы занять это время.")
        )
    return redirect(request.path)


def _booked(request: Any, accepted: offers.Accepted) -> HttpResponse:
    """Lead to the ticket: in the cabinet, where the booking is one's own."""
    person, booking = request.subscriber, accepted.appointment
    if person and booking.subscriber_id == person.pk:
        return redirect("appointments:one", booking.number)
    return redirect("appointments:ticket", accepted.secret)


def _joined(request: CabinetRequest, subject: Subject, form: Any) -> HttpResponse | None:
    """Put the sender into the list; None where the form says why not."""
    given = form.cleaned_data
    wish = joining.Wish(
        centre=subject.centre,
        service=subject.service,
        first_day=given["first_day"],
        last_day=given["last_day"],
    )
    try:
        if isinstance(form, GuestWishForm):
            return _asked(request, wish, form)
        entry, secret = joining.waiting_join(
            form_key=given["form_key"],
            wish=wish,
            who=_who(request, subject, given.get("contact_name", "")),
            appointment=subject.appointment,
        )
    except joining.TooManyEntries:
        form.add_error(None, _TOO_MANY)
        return None
    except joining.NothingToWaitFor:
        return redirect(request.get_full_path())
    if entry.subscriber_id and request.subscriber:
        return redirect(entry_path(entry))
    if not secret:
        return _page(request, "joined", {"entry": entry})
    return redirect("appointments:offer", secret)


def _asked(request: CabinetRequest, wish: joining.Wish, form: GuestWishForm) -> HttpResponse | None:
    """Store a guest's wish and lead to its code."""
    contact, key = form.cleaned_data["contact"], form.cleaned_data["form_key"]
    if not may_code_be_sent(contact):
        form.add_error("contact", _ENOUGH_CODES)
        return None
    who = joining.Who(contact_name=form.cleaned_data["contact_name"], **contact.lookup())
    try:
        joining.waiting_ask(form_key=key, wish=wish, who=who)
        consent_note(request, key, form.cleaned_data.get("consent"))
    except joining.AlreadyJoined:
        pass  # the page of the code says so
    return redirect("appointments:waiting_code", key)


def _who(request: CabinetRequest, subject: Subject, name: str) -> joining.Who:
    if subject.appointment:
        return joining.Who.of(subject.appointment)
    person = request.subscriber
    if person is None:
        raise Http404
    return joining.Who(
        contact_name=name,
        phone=person.phone or "",
        email=person.email or "",
        subscriber_id=person.pk,
    )


def _wish_form(request: CabinetRequest, subject: Subject) -> WishForm:
    data = request.POST or None
    if subject.appointment:
        day = timezone.localdate(subject.appointment.starts_at)
        return WishForm(data, until=day)
    if request.subscriber:
        return NamedWishForm(data, day=_day_of(request))
    consent = document_of(Kind.CONSENT, request.tenant)
    return GuestWishForm(data, day=_day_of(request), consent=consent)


def _back(request: CabinetRequest, subject: Subject) -> str:
    """Return the page that led here: the ticket, or the days of the booking; none for who is logged in."""
    booking = subject.appointment
    if booking and request.GET.get("booking"):
        return reverse("appointments:one", args=[booking.number])
    if booking:
        return reverse("appointments:ticket", args=[request.GET.get("ticket", "")])
    if request.subscriber:
        return ""
    return reverse("appointments:guest_service", args=[subject.centre.pk, subject.service.pk])


def _day_of(request: CabinetRequest) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _code_again(request: CabinetRequest, entry: WaitingEntry) -> HttpResponse:
    contact = Contact("phone" if entry.phone else "email", entry.contact)
    if not may_code_be_sent(contact):
        messages.warning(request, _ENOUGH_CODES)
        return redirect(request.path)
    try:
        joining.waiting_code_send(entry_pk=entry.pk)
    except CodeTooSoon:
        messages.warning(request, _("Код уже в пути. Новый можно получить через минуту."))
    except joining.AlreadyJoined:
        pass  # the page says so
    else:
        messages.success(request, _("Мы отправили новый код."))
    return redirect(request.path)


def _page(request: Any, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    template = f"cabinet/appointments/waiting/{name}.html"
    return render_framed(request, template, {"call": company_phone(), **context}, status=status)
