"""What this browser has booked a moment ago: a signed cookie says which windows are held for it.

So the address of a code's page, which stands in the browser's history, opens nothing elsewhere.
"""

import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from cabinet.appointments.models import Appointment
from cabinet.appointments.page.steps import Choice
from portal.secrets import SignedToken, secret_cookie_set

_COOKIE, _PATH = "guest_appointment", "/guest/appointment/"
_LIFETIME = datetime.timedelta(hours=1)
_MOST = 3
_token = SignedToken("appointments.page", _LIFETIME)


def held_of(request: HttpRequest, key: UUID) -> Appointment | None:
    """Return the booking of a form that this browser has sent."""
    if str(key) not in _keys(request):
        return None
    rows = Appointment.objects.select_related("centre", "service")
    found: Appointment | None = rows.filter(form_key=key).first()
    return found


def held_window(request: HttpRequest, choice: Choice) -> Appointment | None:
    """Return the booking by which this browser itself holds the time of the choice."""
    keys = _keys(request)
    if not keys or choice.time is None:
        return None
    found: Appointment | None = Appointment.objects.filter(
        form_key__in=keys,
        state=Appointment.State.HELD,
        centre=choice.centre,
        service=choice.service,
        starts_at=choice.time,
    ).first()
    return found


def held_keep(request: HttpRequest, response: HttpResponse, key: UUID) -> HttpResponse:
    """Remember a booking in this browser, beside the last ones."""
    keys = [one for one in _keys(request) if one != str(key)]
    token = _token.make([*keys, str(key)][-_MOST:])
    secret_cookie_set(response, _COOKIE, token, _LIFETIME, path=_PATH)
    return response


def _keys(request: HttpRequest) -> list[str]:
    return list(_token.read(request.COOKIES.get(_COOKIE, "")) or [])
