"""Days and free windows to choose from, when a caller is booked or a booking is moved.

With what the lifecycle refuses meanwhile, in the words of those who serve.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.appointments.base import Window
from cabinet.appointments.exceptions import AppointmentOver, BookingClosed, WindowTaken
from cabinet.appointments.models import AppointmentService
from cabinet.appointments.selectors import DayWindows, booking_days, days_free
from cms_pages.models import ServiceCentre

TAKEN = _("Это время только что заняли. Выберите другое.")
_SAID: dict[type[Exception], Any] = {
    WindowTaken: _("Это время уже занято другим человеком."),
    AppointmentOver: _("Запись успели изменить. Посмотрите, что с ней сейчас."),
    BookingClosed: _("На это время или эту услугу записать нельзя."),
}


@dataclass(frozen=True)
class Offer:
    """The days with free windows, and the day whose windows are looked at."""

    days: list[DayWindows]
    day: datetime.date

    @property
    def windows(self) -> tuple[Window, ...]:
        return next((one.windows for one in self.days if one.day == self.day), ())

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(_value(one), f"{timezone.localtime(one.starts_at):%H:%M}") for one in self.windows]

    def value_at(self, clock: str) -> str:
        """Return the choice of the first window from a time of the day on, such as `10:15`."""
        return next((value for value, said in self.choices if said >= clock), "") if clock else ""


def _value(window: Window) -> str:
    return window.starts_at.astimezone(datetime.UTC).isoformat()


def offer_of(
    centre: ServiceCentre,
    service: AppointmentService,
    day: datetime.date,
    *,
    but: datetime.datetime | None = None,
) -> Offer:
    """Return what is free for a service; of a day without a window, the next day that has one.

    `but`: a time that is not offered, because the booking to be moved has it.
    """
    first, last = booking_days()
    days = [
        DayWindows(one.day, windows)
        for one in days_free(centre, service, first, last, by_staff=True)
        if (windows := tuple(it for it in _to_come(one.windows) if it.starts_at != but))
    ]
    if days and day not in {one.day for one in days}:
        day = next((one.day for one in days if one.day >= day), days[0].day)
    return Offer(days, day)


def next_window(centre: ServiceCentre, service: AppointmentService) -> Window | None:
    """Return today's next free window, or the one that has just begun."""
    today, now = timezone.localdate(), timezone.now()
    windows = days_free(centre, service, today, today, by_staff=True)[0].windows
    begun = now - service.length / 2
    return next((one for one in windows if one.starts_at > begun), None)


def _to_come(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    now = timezone.now()
    return tuple(one for one in windows if one.starts_at > now)


class WindowField(forms.ChoiceField):
    """A free window, as a button to press; its beginning."""

    widget = forms.RadioSelect

    def __init__(self, offer: Offer) -> None:
        super().__init__(
            label=_("Время"),
            choices=offer.choices,
            error_messages={
                "required": _("Выберите время."),
                "invalid_choice": TAKEN,
            },
        )

    def clean(self, value: object) -> datetime.datetime:
        return datetime.datetime.fromisoformat(str(super().clean(value)))


class Refused(Exception):
    """A refusal, with a text for the page."""


def in_words(change: Callable[[], object]) -> Callable[[], object]:
    """Make a change raise its refusals with their words."""

    def said() -> object:
        try:
            return change()
        except tuple(_SAID) as refused:
            raise Refused(refusal_said(refused)) from refused

    return said


def refusal_said(refused: Exception) -> str:
    return str(_SAID[type(refused)])
