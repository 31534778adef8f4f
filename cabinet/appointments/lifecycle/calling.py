"""The note that an operator has called about a booking that no longer fits."""

from django.db import transaction

from cabinet.appointments.models import Appointment
from portal.audit.services import audit_write
from portal.staff.models import StaffUser

CALLED = "appointment.called"


@transaction.atomic
def appointment_called(*, appointment_pk: int, about: str, actor: StaffUser) -> Appointment:
    """Note what the person was called about. Twice about the same is one call."""
    rows = Appointment.objects.select_for_update(of=("self",))
    appointment = rows.get(pk=appointment_pk)
    if appointment.called_about != about:
        appointment.called_about = about
        appointment.save(update_fields=["called_about"])
        audit_write(actor=actor, action=CALLED, subject=appointment.number)
    return appointment
