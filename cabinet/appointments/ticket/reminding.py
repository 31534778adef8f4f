"""When people are reminded of an appointment, and the sweep that does it."""

from django.utils import timezone

from cabinet.appointments.lifecycle.notices import notify_reminder
from cabinet.appointments.models import Appointment
from portal.jobs import rows_work_off
from tenants.models import GasCompany
from tenants.selectors import current_company

_BATCH = 50


def reminders_send() -> int:
    """Remind of the appointments that it is time for, each moment once; return of how many.

    What was cancelled or is over meanwhile is only struck off. A kill leaves a batch as it was.
    """
    company = current_company()
    if company is None or company.status != GasCompany.Status.ACTIVE:
        return 0
    due = Appointment.objects.filter(remind_at__lte=timezone.now()).order_by("remind_at")
    return rows_work_off(due.select_related("centre", "service"), _remind, batch=_BATCH)


def _remind(batch: list[Appointment]) -> None:
    now, next_ones = timezone.now(), []
    for one in batch:
        one.remind_at = None
        if one.state == Appointment.State.BOOKED and one.starts_at > now:
            notify_reminder(one)
        else:
            next_ones.append(one)
    Appointment.objects.bulk_update(next_ones, ["remind_at"])
