"""What an operator types to find a booking: its number, a telephone or a part of a name."""

import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from cabinet.appointments.models import Appointment
from cabinet.subscribers.contacts import email_normal, phone_normal
from portal.formats.text import number_key

SHOWN = 30
_SINCE = datetime.timedelta(days=90)
_LAST_DIGITS = 4


def appointments_found(typed: str) -> tuple[list[Appointment], bool]:
    """Return the bookings that the text may mean, and whether there are more than are shown.

    Those to come first. Codes that nobody typed in are no bookings; what is long over is found by its number.
    """
    rows = Appointment.objects.exclude(
        state__in=(Appointment.State.HELD, Appointment.State.EXPIRED)
    ).select_related("centre", "desk", "account")
    exact = list(rows.filter(number=number_key(typed)))
    if exact:
        return exact, False
    now = timezone.now()
    today = now - datetime.timedelta(hours=12)
    meant = rows.filter(_meant(typed))
    ahead = meant.filter(starts_at__gte=today).order_by("starts_at", "pk")
    over = meant.filter(starts_at__lt=today, starts_at__gte=now - _SINCE).order_by("-starts_at")
    found = list(ahead[: SHOWN + 1])
    if len(found) <= SHOWN:
        found += over[: SHOWN + 1 - len(found)]
    return found[:SHOWN], len(found) > SHOWN


def _meant(typed: str) -> Q:
    key = number_key(typed)
    if "@" in typed:
        try:
            return Q(email=email_normal(typed))
        except ValidationError:
            return Q(pk=None)
    if key.isascii() and key.isdecimal():
        try:
            return Q(phone=phone_normal(typed, for_sms=False))
        except ValidationError:
            return Q(phone__endswith=key) if len(key) >= _LAST_DIGITS else Q(pk=None)
    return Q(contact_name__icontains=typed) | Q(number__istartswith=key)
