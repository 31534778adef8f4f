"""What the lifecycle refuses, in the words of those who serve."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from cabinet.appointments.exceptions import AppointmentOver, BookingClosed, WindowTaken

TAKEN = _("Это время только что заняли. Выберите другое.")
_SAID: dict[type[Exception], Any] = {
    WindowTaken: _("Это время уже занято другим человеком."),
    AppointmentOver: _("Запись успели изменить. Посмотрите, что с ней сейчас."),
    BookingClosed: _("На это время или эту услугу записать нельзя."),
}


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
