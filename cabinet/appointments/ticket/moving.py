"""Moving an appointment: another day and time of its centre, by the steps of a booking."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from limits import RateLimitItemPerDay

from cabinet.appointments.base import Window
from cabinet.appointments.exceptions import (
    AppointmentOver,
    BookingClosed,
    LinkDead,
    WindowTaken,
)
from cabinet.appointments.facts import Ticket, when_said
from cabinet.appointments.lifecycle.changing import appointment_move
from cabinet.appointments.page.days import (
    TimeOffer,
    calendar,
    day_parts,
    days_beside,
    nearest_offers,
    windows_by_day,
)
from cabinet.appointments.page.steps import Choice, Chosen, Way, day_gone, time_posted
from cabinet.appointments.selectors import centres_bookable, services_of
from cabinet.appointments.ticket.pages import Pages
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest
from portal.limits import RateLimit

# Each writes to a contact that perhaps nobody has confirmed.
MOVES = RateLimit("appointments:moves", RateLimitItemPerDay(10))


@dataclass(frozen=True)
class MoveWay(Way):
    """The steps of a move: day and time alone, in the query of one address."""

    pages: Pages | None = None

    def address(self, choice: Choice) -> str:
        assert self.pages is not None  # noqa: S101 — every caller gives them
        if choice.time:
            chosen = {"to": choice.time.isoformat()}
        else:
            chosen = {"day": choice.day.isoformat()} if choice.day else {}
        return f"{self.pages.move}?{urlencode(chosen)}" if chosen else self.pages.move


def move_page(request: CabinetRequest | SubscriberRequest, pages: Pages) -> HttpResponse:
    """Answer the page that moves, behind a link or in the cabinet; by POST move to the time `to`."""
    ticket = Ticket(pages.appointment)
    if not ticket.is_ahead:
        messages.warning(request, _("Эту запись уже нельзя перенести."))
        return redirect(pages.own)
    centre = next((one for one in centres_bookable() if one.pk == ticket.centre.pk), None)
    service = pages.appointment.service
    if centre is None or service is None or service not in services_of(centre):
        return pages.render(request, "move_closed")
    steps = _Steps(request, pages, Choice(centre, service))
    if request.method == "POST":
        return steps.moved(time_posted(request.POST.get("to", "")))
    return steps.shown(request.GET.get("day", ""), time_posted(request.GET.get("to", "")))


class _Steps:
    def __init__(self, request: Any, pages: Pages, choice: Choice) -> None:
        self.request, self.pages, self.choice = request, pages, choice
        self.way = MoveWay(request, pages=pages)
        self.free = windows_by_day(choice)

    def shown(self, day_typed: str, to: datetime.datetime | None) -> HttpResponse:
        """Show the days, the times of one, or the question whether to move to this time."""
        if to is not None:
            window = self._window(to)
            return self._confirm(window) if window else self._days(_taken())
        day = _day(day_typed)
        if day is None:
            return self._days()
        if day not in self.free:
            return self._days(day_gone(day))
        parts = day_parts(self.way, self.choice, self.free[day])
        beside = days_beside(day, self.free, self.way, self.choice)
        return self._show("move_times", day=day, parts=parts, beside=beside)

    def moved(self, to: datetime.datetime | None) -> HttpResponse:
        """Move, and lead to the ticket; what cannot be had any more is answered by other times."""
        if to is None:
            return redirect(self.pages.move)
        if not MOVES.try_spend(str(self.pages.appointment.form_key), when_down=True):
            said = _("Эту запись сегодня уже много раз переносили. Перенесите её завтра.")
            messages.warning(self.request, said)
            return redirect(self.pages.own)
        try:
            secret = appointment_move(
                appointment_pk=self.pages.appointment.pk,
                starts_at=to,
                link_hash=self.pages.link_hash,
            )
        except (WindowTaken, BookingClosed):
            return self._days(_taken(), status=409)
        except LinkDead:
            return redirect(self.pages.own)
        except AppointmentOver:
            messages.warning(self.request, _("Эту запись уже нельзя перенести."))
            return redirect(self.pages.own)
        said = _("Приём перенесён. Ждём вас %(when)s.") % {"when": when_said(to)}
        messages.success(self.request, said)
        return redirect(self.pages.after_move(secret))

    def _confirm(self, window: Window) -> HttpResponse:
        day = timezone.localdate(window.starts_at)
        days = self.way.address(Choice(self.choice.centre, self.choice.service, day))
        return self.pages.render(
            self.request, "move_confirm", offer=TimeOffer(window, ""), days=days
        )

    def _days(self, notice: str = "", status: int = 200) -> HttpResponse:
        return self._show(
            "move_days",
            status,
            notice=notice,
            nearest=nearest_offers(self.way, self.choice)[:1],
            days=calendar(self.way, self.choice, self.free),
        )

    def _show(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        ticket = Ticket(self.pages.appointment)
        now = Chosen(_("Сейчас"), f"{_('Сейчас')}: {ticket.day}, {ticket.time}", "")
        return self.pages.render(
            self.request, name, status, chosen=[now], choice=self.choice, **context
        )

    def _window(self, to: datetime.datetime) -> Window | None:
        windows = self.free.get(timezone.localdate(to), [])
        return next((one for one in windows if one.starts_at == to), None)


def _taken() -> str:
    return _("Это время уже занято. Выберите другое")


def _day(text: str) -> datetime.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
