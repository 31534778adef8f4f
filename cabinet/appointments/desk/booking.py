"""One booking on the desk: who came, who did not, another time, a refusal."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.appointments.actions import ACTION_TITLES
from cabinet.appointments.desk.calling import about_of, reasons_of, to_call_changed
from cabinet.appointments.desk.choice import day_asked, sheet_url
from cabinet.appointments.desk.forms import MoveForm, ReasonForm
from cabinet.appointments.desk.rights import ICON, SERVE
from cabinet.appointments.desk.windows import TAKEN, Refused, in_words, offer_of, refusal_said
from cabinet.appointments.exceptions import AppointmentOver, BookingClosed, WindowTaken
from cabinet.appointments.facts import number_said
from cabinet.appointments.lifecycle.by_staff import (
    appointment_arrived,
    appointment_desk_change,
    appointment_missed,
    appointment_state_undo,
)
from cabinet.appointments.lifecycle.calling import appointment_called
from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.models import Appointment
from portal.audit.actions import action_title
from portal.audit.models import AuditEntry
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import desk_act, desk_page
from portal.formats.dates import moment_said

State = Appointment.State
Change = Callable[..., object]


def appointment_or_404(pk: int) -> Appointment:
    rows = Appointment.objects.select_related("centre", "desk", "service", "account")
    return get_object_or_404(rows.exclude(state=State.HELD), pk=pk)


@company_only
@desk_view(SERVE)
def one(request: DeskRequest, pk: int) -> HttpResponse:
    """Show a booking with all that has happened to it; `?sent` says that it was just made."""
    booking = appointment_or_404(pk)
    reasons = reasons_of(booking)
    context = {
        "booking": booking,
        "is_open": booking.state == State.BOOKED,
        "is_marked": booking.state in (State.ARRIVED, State.MISSED),
        "is_past": booking.starts_at <= timezone.now(),
        "is_today": timezone.localdate(booking.starts_at) == timezone.localdate(),
        "is_sent": "sent" in request.GET,
        "reasons": reasons,
        "is_called": booking.called_about != "" and booking.called_about == about_of(booking),
        "back": _sheet_of(booking),
        "history": _history(booking),
    }
    title = _("Запись №\u00a0%s") % number_said(booking.number)
    return desk_page(request, "appointments/desk/one.html", context, title=title, icon=ICON)


@dataclass(frozen=True)
class Event:
    """What has happened to a booking, in the words of the log; `more`: new time and reason."""

    entry: AuditEntry

    @property
    def who(self) -> str:
        return self.entry.actor_name or str(_("записавшийся"))

    @property
    def said(self) -> str:
        return action_title(self.entry.action)

    @property
    def more(self) -> str:
        details = self.entry.details
        to, reason = details.get("to"), details.get("reason")
        when = moment_said(datetime.datetime.fromisoformat(to)) if to else ""
        return ". ".join(filter(None, [when, reason]))


def _history(booking: Appointment) -> list[Event]:
    rows = AuditEntry.objects.filter(action__in=ACTION_TITLES, subject=booking.number)
    return [Event(row) for row in rows.order_by("at", "pk")]


def _marked(change: Change, done: Any) -> Callable[..., HttpResponse]:
    @company_only
    @desk_action(SERVE)
    def view(request: DeskRequest, pk: int) -> HttpResponse:
        booking = appointment_or_404(pk)
        answer = desk_act(
            request,
            in_words(lambda: change(appointment_pk=pk, actor=request.user)),
            done=str(done) % {"number": number_said(booking.number)},
            back=_back(request, booking),
            refused=Refused,
        )
        to_call_changed()
        return answer

    return view  # type: ignore[return-value]


arrived = _marked(appointment_arrived, gettext_lazy("Запись №\u00a0%(number)s: приём состоялся."))
missed = _marked(appointment_missed, gettext_lazy("Запись №\u00a0%(number)s: человек не пришёл."))
undo = _marked(appointment_state_undo, gettext_lazy("Запись №\u00a0%(number)s: отметка снята."))


@company_only
@desk_action(SERVE)
def other_desk(request: DeskRequest, pk: int) -> HttpResponse:
    """Serve the booking at another desk at its time: then nobody has to call."""
    booking = appointment_or_404(pk)
    try:
        changed = appointment_desk_change(appointment_pk=pk, actor=request.user)
    except WindowTaken:
        said = _("Другие окна в это время заняты. Позвоните человеку и перенесите запись.")
        messages.error(request, said)
    except AppointmentOver as refused:
        messages.error(request, refusal_said(refused))
    else:
        to_call_changed()
        done = _(
            "Запись №\u00a0%(number)s теперь здесь: %(desk)s. Время прежнее, звонить не нужно."
        )
        messages.success(
            request, done % {"number": number_said(booking.number), "desk": changed.desk}
        )
    return redirect(_back(request, booking))


@company_only
@desk_action(SERVE)
def called(request: DeskRequest, pk: int) -> HttpResponse:
    """Note that the person knows what does not fit any more."""
    booking = appointment_or_404(pk)
    appointment_called(appointment_pk=pk, about=about_of(booking), actor=request.user)
    to_call_changed()
    done = _("Запись №\u00a0%s: отметили, что созвонились.") % number_said(booking.number)
    messages.success(request, done)
    return redirect(_back(request, booking))


@company_only
@desk_view(SERVE)
def move(request: DeskRequest, pk: int) -> HttpResponse:
    """Offer other windows of the centre, and move the booking to the chosen one."""
    booking = appointment_or_404(pk)
    if booking.state != State.BOOKED or booking.service is None:
        return redirect("appointments_one", pk)
    at = timezone.localtime(booking.starts_at).date()
    day = day_asked(request.GET.get("day", at.isoformat()))
    offer = offer_of(booking.centre, booking.service, day, but=booking.starts_at)
    form = MoveForm(request.POST or None, offer=offer)
    if form.is_bound and form.is_valid():
        try:
            return _move(request, booking, form)
        except WindowTaken:
            offer = offer_of(booking.centre, booking.service, offer.day, but=booking.starts_at)
            form = MoveForm(request.POST, offer=offer)
            if not form.errors:
                form.add_error("starts_at", str(TAKEN))
    context = {"booking": booking, "offer": offer, "form": form, "reasons": reasons_of(booking)}
    title = _("Перенести запись №\u00a0%s") % number_said(booking.number)
    return desk_page(request, "appointments/desk/move.html", context, title=title, icon=ICON)


def _move(request: DeskRequest, booking: Appointment, form: MoveForm) -> HttpResponse:
    """Move the booking. Raises WindowTaken, which the page answers with other windows."""
    data = form.cleaned_data
    try:
        appointment_move(appointment_pk=booking.pk, actor=request.user, **data)
    except (AppointmentOver, BookingClosed) as refused:
        messages.error(request, refusal_said(refused))
    else:
        to_call_changed()
        done = _("Запись №\u00a0%(number)s перенесена: %(when)s.")
        when = moment_said(data["starts_at"])
        messages.success(request, done % {"number": number_said(booking.number), "when": when})
    return redirect("appointments_one", booking.pk)


@company_only
@desk_view(SERVE)
def cancel(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask why, cancel the booking and tell the person."""
    booking = appointment_or_404(pk)
    if booking.state != State.BOOKED:
        return redirect("appointments_one", pk)
    reasons = ". ".join(one.said for one in reasons_of(booking))
    initial = {"reason": f"{reasons}." if reasons else ""}
    form = ReasonForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        answer = desk_act(
            request,
            in_words(
                lambda: appointment_cancel(
                    appointment_pk=pk, actor=request.user, reason=form.cleaned_data["reason"]
                )
            ),
            done=_("Запись №\u00a0%s отменена.") % number_said(booking.number),
            back=_back(request, booking),
            refused=Refused,
        )
        to_call_changed()
        return answer
    context = {
        "booking": booking,
        "form": form,
        "danger": _("Отменить запись"),
        "keep_label": _("Не отменять"),
        "back": reverse("appointments_one", args=[pk]),
    }
    title = _("Отменить запись №\u00a0%s") % number_said(booking.number)
    return desk_page(request, "appointments/desk/cancel.html", context, title=title, icon=ICON)


def _sheet_of(booking: Appointment) -> str:
    day = timezone.localtime(booking.starts_at).date()
    return f"{sheet_url(booking.centre_id, day)}#a{booking.pk}"


def _back(request: DeskRequest, booking: Appointment) -> str:
    """Return the page of the desk that the button stood on, else the sheet of the booking's day."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = asked.startswith(reverse("appointments_desk"))
    if is_ours and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return _sheet_of(booking)
