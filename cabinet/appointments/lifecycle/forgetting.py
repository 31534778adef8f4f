"""What is not needed any more: holds that were never confirmed, who came long ago, who is deleted."""

import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cabinet.appointments.consents import consents_forget
from cabinet.appointments.lifecycle.states import State, go_to, log
from cabinet.appointments.lifecycle.windows import window_freed
from cabinet.appointments.models import Appointment, FindingCode
from cabinet.appointments.registry import backend_of

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
    FindingCode.objects.filter(code_expires_at__lt=now).delete()
    old = Appointment.objects.filter(starts_at__lt=now - CONTACT_FOR)
    known = ~Q(contact_name="", phone="", email="", comment="")
    old = old.filter(known)
    consents_forget(old.values_list("form_key", flat=True))
    old.update(
        **dict.fromkeys(("contact_name", "phone", "email", "comment", "code_to", "link_hash"), ""),
        link_secret=None,
    )


def person_forget(*, subscriber_id: UUID) -> None:
    """Cancel what a person has booked to come, and take out who it was; in the caller's transaction.

    That there was an appointment stays.
    """
    rows = Appointment.objects.select_for_update(of=("self",)).filter(subscriber_id=subscriber_id)
    for appointment in rows.order_by("pk"):
        appointment.contact_name = appointment.phone = appointment.email = ""
        appointment.comment = appointment.link_hash = ""
        appointment.code_hash = appointment.code_to = ""
        appointment.subscriber_id = appointment.link_secret = appointment.account = None
        appointment.remind_at = None
        if appointment.state in (State.HELD, State.BOOKED):
            go_to(appointment, State.CANCELLED, action="forget")
            backend_of().release(appointment)
            window_freed(appointment.centre_id)
        else:
            appointment.save()
            log(appointment, "forget", None)
