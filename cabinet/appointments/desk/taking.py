"""What is written down at the desk: a caller's booking, and somebody who came without one."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.appointments.desk.choice import Choice, choice_of
from cabinet.appointments.desk.forms import BookForm, PersonForm, WalkInForm
from cabinet.appointments.desk.rights import ICON, SERVE
from cabinet.appointments.desk.windows import TAKEN, Offer, next_window, offer_of
from cabinet.appointments.exceptions import WindowTaken
from cabinet.appointments.lifecycle.by_staff import appointment_by_staff, appointment_walk_in
from cabinet.appointments.models import Appointment, AppointmentService
from cabinet.appointments.selectors import services_of
from cms_pages.models import ServiceCentre
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.staff.models import StaffUser


@dataclass(frozen=True)
class Asked:
    """What the address of a booking's page says: centre, day, service, account."""

    choice: Choice
    services: list[AppointmentService]
    service: AppointmentService | None
    account: PersonalAccount | None

    @property
    def offer(self) -> Offer | None:
        if self.choice.centre is None or self.service is None:
            return None
        return offer_of(self.choice.centre, self.service, self.choice.day)


@company_only
@desk_view(SERVE)
def book(request: DeskRequest) -> HttpResponse:
    """Write down a caller: first the service, then day and time, then who comes."""
    asked = _asked(request)
    centre, service, offer = asked.choice.centre, asked.service, asked.offer
    form = None
    if centre and service and offer:
        at = offer.value_at(request.GET.get("at", ""))
        form = BookForm(request.POST or None, offer=offer, initial={"starts_at": at})
        if made := _made(form):
            return _written_down(made)
        if form.is_bound and form.is_valid():
            who = {"account": asked.account, "actor": request.user, **form.cleaned_data}
            try:
                booking = appointment_by_staff(centre=centre, service=service, **who)
            except WindowTaken:
                offer = offer_of(centre, service, offer.day)
                form = BookForm(request.POST, offer=offer)
                if not form.errors:
                    form.add_error("starts_at", str(TAKEN))
            else:
                return _written_down(booking)
    context = {"tab": "book", "asked": asked, "choice": asked.choice, "offer": offer, "form": form}
    title = _("Записать на приём")
    return desk_page(request, "appointments/desk/book.html", context, title=title, icon=ICON)


@company_only
@desk_view(SERVE)
def walk_in(request: DeskRequest) -> HttpResponse:
    """Write down who came without a booking."""
    asked = _asked(request)
    centre = asked.choice.centre
    if centre is None:
        return redirect("appointments_desk")
    form = WalkInForm(request.POST or None, services=asked.services)
    if made := _made(form):
        return _written_down(made)
    if form.is_bound and form.is_valid():
        try:
            return _written_down(_walk_in(centre, form, request.user))
        except WindowTaken:
            form.add_error(
                "is_extra",
                _("Свободного времени сегодня больше нет. Примите человека сверх записи."),
            )
    context = {"tab": "day", "choice": asked.choice, "form": form}
    title = _("Принять без записи")
    return desk_page(request, "appointments/desk/walk_in.html", context, title=title, icon=ICON)


def _walk_in(centre: ServiceCentre, form: WalkInForm, actor: StaffUser) -> Appointment:
    """Write down who came, in the next free window unless he comes besides them. Raises WindowTaken."""
    data = {**form.cleaned_data}
    window = None if data.pop("is_extra") else next_window(centre, data["service"])
    if window is None and not form.cleaned_data["is_extra"]:
        raise WindowTaken
    starts_at = window.starts_at if window else None
    return appointment_walk_in(centre=centre, actor=actor, starts_at=starts_at, **data)


def _made(form: PersonForm) -> Appointment | None:
    """Return what this form has written down already: its window is no longer free, and need not be."""
    form.is_valid()
    key = form.cleaned_data.get("form_key") if form.is_bound else None
    at_desk = (Appointment.Source.OPERATOR, Appointment.Source.WALK_IN)
    return Appointment.objects.filter(form_key=key, source__in=at_desk).first() if key else None


def _written_down(booking: Appointment) -> HttpResponse:
    """Lead to the booking, where its number stands to be dictated."""
    return redirect(f"{reverse('appointments_one', args=[booking.pk])}?sent")


def _asked(request: DeskRequest) -> Asked:
    account_pk = request.GET.get("account", "")
    known = account_pk.isascii() and account_pk.isdecimal() and len(account_pk) < 18
    account = PersonalAccount.objects.filter(pk=int(account_pk)).first() if known else None
    choice = choice_of(request, code=account.service_centre if account else "")
    services = services_of(choice.centre) if choice.centre else []
    service = next((one for one in services if str(one.pk) == request.GET.get("service")), None)
    return Asked(choice, services, service, account)
