"""What is not needed any more: holds that were never confirmed, and who came to an appointment long ago."""

import datetime

from django.db.models import Q
from django.utils import timezone

from cabinet.appointments.consents import consents_forget
from cabinet.appointments.lifecycle.states import State
from cabinet.appointments.models import Appointment

UNCONFIRMED_FOR = datetime.timedelta(days=1)
# Figures and disputes about an appointment are over by then; what stays is that there was one.
CONTACT_FOR = datetime.timedelta(days=365)


def appointments_forget() -> None:
    """Delete what nobody has confirmed within a day, and after a year the names and contacts."""
    now = timezone.now()
    unconfirmed = Appointment.objects.filter(state=State.EXPIRED)
    unconfirmed = unconfirmed.filter(state_since__lt=now - UNCONFIRMED_FOR)
    consents_forget(unconfirmed.values_list("form_key", flat=True))
    unconfirmed.delete()
    old = Appointment.objects.filter(starts_at__lt=now - CONTACT_FOR)
    known = ~Q(contact_name="", phone="", email="", comment="")
    old = old.filter(known)
    consents_forget(old.values_list("form_key", flat=True))
    old.update(contact_name="", phone="", email="", comment="", link_hash="", link_secret=None)
