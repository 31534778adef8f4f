"""«Мои записи на приём»: what a person has booked in this company, of unlinked accounts too."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cabinet.appointments.facts import Ticket
from cabinet.appointments.models import Appointment
from cabinet.appointments.selectors import appointments_of
from cabinet.appointments.ticket.moving import move_page
from cabinet.appointments.ticket.pages import Pages
from cabinet.appointments.ticket.views import calendar_answer, cancel_page, qr_answer
from cabinet.subscribers.http import SubscriberRequest, subscriber_required

PER_PAGE = 20


@subscriber_required
def mine(request: SubscriberRequest) -> HttpResponse:
    """List what is to come, the next first, and below it what is over."""
    rows = appointments_of(request.subscriber.pk).prefetch_related("centre__phones")
    is_ahead = Q(state=Appointment.State.BOOKED, starts_at__gt=timezone.now())
    ahead = [Ticket(one) for one in rows.filter(is_ahead).order_by("starts_at")]
    page = Paginator(rows.exclude(is_ahead), PER_PAGE).get_page(request.GET.get("page"))
    context = {"ahead": ahead, "page": page, "past": [Ticket(one) for one in page]}
    return render(request, "cabinet/appointments/ticket/mine.html", context)


@subscriber_required
def one(request: SubscriberRequest, number: str) -> HttpResponse:
    return _pages(request, number).render(request, "ticket")


@subscriber_required
def calendar(request: SubscriberRequest, number: str) -> HttpResponse:
    return calendar_answer(_pages(request, number))


@subscriber_required
def qr(request: SubscriberRequest, number: str) -> HttpResponse:
    return qr_answer(_pages(request, number))


@subscriber_required
def move(request: SubscriberRequest, number: str) -> HttpResponse:
    return move_page(request, _pages(request, number))


@subscriber_required
def cancel(request: SubscriberRequest, number: str) -> HttpResponse:
    return cancel_page(request, _pages(request, number))


def _pages(request: SubscriberRequest, number: str) -> Pages:
    """Return the pages of a person's own appointment. Raises Http404 for anybody else's."""
    mine = appointments_of(request.subscriber.pk)
    found = mine.filter(number=number).first() if number.isdecimal() else None
    if found is None:
        raise Http404
    return Pages.in_cabinet(found)
