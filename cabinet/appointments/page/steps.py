"""The steps of a booking (manual 1, figure 2): what is chosen so far stands in the address of each."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.appointments.base import Window
from cabinet.appointments.models import AppointmentService
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest
from cabinet.subscribers.models import Subscriber
from cms_pages.models import ServiceCentre
from cms_pages.stored.frame import render_framed
from portal.formats.dates import day_and_month, weekday_and_day

# Ends of the addresses' names, by how much is chosen.
_ENDS = ("", "_centre", "_service", "_day", "_time")
TIME = "%H-%M"


@dataclass(frozen=True)
class Choice:
    """What is chosen so far; each part needs those before it."""

    centre: ServiceCentre | None = None
    service: AppointmentService | None = None
    day: datetime.date | None = None
    time: datetime.datetime | None = None

    def parts(self) -> list[str]:
        """Return the parts of the address, as many as are chosen."""
        parts = [
            str(self.centre.pk) if self.centre else "",
            str(self.service.pk) if self.service else "",
            self.day.isoformat() if self.day else "",
            timezone.localtime(self.time).strftime(TIME) if self.time else "",
        ]
        return parts[: parts.index("")] if "" in parts else parts

    @property
    def what(self) -> tuple[ServiceCentre, AppointmentService]:
        """Return centre and service, in a step that comes after both."""
        if self.centre is None or self.service is None:
            raise ValueError("The step comes before centre and service are chosen.")
        return self.centre, self.service

    def at(self, window: Window) -> Choice:
        """Return the choice with this time, and its day."""
        starts = window.starts_at
        return replace(self, day=timezone.localtime(starts).date(), time=starts)


@dataclass(frozen=True)
class Chosen:
    """A line above the step: what is chosen, and where that is changed."""

    label: str
    value: str
    change: str


@dataclass(frozen=True)
class Way:
    """How one books: without an account below `guest/appointment/`, or in the cabinet for an account."""

    request: CabinetRequest | SubscriberRequest
    access: AccountAccess | None = None

    @property
    def subscriber(self) -> Subscriber | None:
        return self.request.subscriber

    def address(self, choice: Choice) -> str:
        """Return the address of the step that comes after what is chosen."""
        parts = choice.parts()
        name = f"appointments:{'new' if self.access else 'guest'}{_ENDS[len(parts)]}"
        return reverse(name, args=[*([self.access.link.pk] if self.access else []), *parts])

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Show a step in the frame of the site, or of the account's cabinet."""
        path = f"cabinet/appointments/page/{template}.html"
        if self.access is None:
            return render_framed(self.request, path, context, status=status)
        context = {**context, "access": self.access, "layout": "cabinet/base.html"}
        return render(self.request, path, context, status=status)


@dataclass(frozen=True)
class StepPage:
    """What every step shows above its own part: which step it is, and what is chosen."""

    way: Way
    choice: Choice
    # Steps that are left out, because there is one possibility.
    one_centre: bool = False
    one_service: bool = False
    # All is chosen; only the code is awaited.
    is_settled: bool = False

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return self.way.render(template, {**self.context(), **context}, status)

    def context(self) -> dict[str, Any]:
        return {
            "step": self,
            "choice": self.choice,
            "chosen": self.chosen(),
            "number": self.number,
            "numbers": range(1, self.count + 1),
            "count": 0 if self.is_settled else self.count,
        }

    @property
    def count(self) -> int:
        """Return how many steps there are: the last one of a guest is the code."""
        return 6 - self.one_centre - self.one_service - bool(self.way.subscriber)

    @property
    def number(self) -> int:
        return len(self.choice.parts()) + 1 - self._left_out()

    def _left_out(self) -> int:
        left_out = (bool(self.choice.centre) and self.one_centre) + (
            bool(self.choice.service) and self.one_service
        )
        return int(left_out)

    def chosen(self) -> list[Chosen]:
        """Return the lines above the step, each with the address that changes it."""
        lines = self._lines()
        return [replace(one, change="") for one in lines] if self.is_settled else lines

    def _lines(self) -> list[Chosen]:
        choice, lines = self.choice, []
        if choice.centre:
            change = "" if self.one_centre else f"{self.way.address(Choice())}?choose=centre"
            lines.append(Chosen(_("Центр обслуживания"), choice.centre.name, change))
        if choice.service:
            change = self.way.address(Choice(choice.centre))
            change = "" if self.one_service else change
            lines.append(Chosen(_("Услуга"), choice.service.name, change))
        if choice.day and not choice.time:
            change = self.way.address(replace(choice, day=None))
            lines.append(Chosen(_("День"), weekday_and_day(choice.day), change))
        if choice.day and choice.time:
            change = self.way.address(replace(choice, time=None))
            lines.append(Chosen(_("Время"), moment_words(choice.time), change))
        return lines


def moment_words(moment: datetime.datetime) -> str:
    """Return a moment as people say it: «вторник, 1 декабря, 09:30»."""
    local = timezone.localtime(moment)
    return f"{weekday_and_day(local.date())}, {local:%H:%M}"


def day_read(text: str) -> datetime.date:
    """Return the day of an address. Raises Http404 for what is none."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise Http404 from error


def time_read(day: datetime.date, text: str) -> datetime.datetime:
    """Return the moment of an address, in the company's time zone. Raises Http404 for what is none."""
    try:
        local = datetime.datetime.strptime(text, TIME).time()
    except ValueError as error:
        raise Http404 from error
    return timezone.make_aware(datetime.datetime.combine(day, local))


def time_posted(text: str) -> datetime.datetime | None:
    """Return the moment of a button or a query, in the company's time zone; None for what is none."""
    try:
        moment = datetime.datetime.fromisoformat(text)
        return timezone.localtime(moment) if timezone.is_aware(moment) else None
    except (ValueError, OverflowError):  # the first and the last year end in the next time zone
        return None


def day_gone(day: datetime.date) -> str:
    """Return what is said of a day on which nobody can come any more."""
    if day < timezone.localdate():
        return _("Этот день уже прошёл")
    return _("На %(day)s свободного времени уже нет") % {"day": day_and_month(day)}
