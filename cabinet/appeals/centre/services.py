"""Changes of accidents and planned work besides their form."""

import datetime

from django.db import transaction
from django.utils import timezone

from cabinet.appeals.models import Incident
from portal.audit.services import audit_write
from portal.staff.models import StaffUser

FINISHED = "incident.finished"


def incident_finish(*, incident_pk: int, actor: StaffUser) -> None:
    """End what is not over yet, now; what was not to begin yet never was."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident_pk)
        now = timezone.now()
        if incident.ends_at and incident.ends_at <= now:
            return
        # Work that has not begun is called off: it must end after its start.
        incident.starts_at = min(incident.starts_at, now - datetime.timedelta(seconds=1))
        incident.ends_at = now
        incident.save(update_fields=["starts_at", "ends_at"])
        audit_write(actor=actor, action=FINISHED, subject=incident)
