from celery import shared_task

from portal.staff import services
from portal.staff.login import passwords


@shared_task
def password_reset_send(reset_id: int) -> None:
    passwords.password_reset_send(reset_id=reset_id)


@shared_task
def staff_sweep() -> None:
    """End central admins' hours; find letters with new passwords that the broker lost."""
    services.central_entries_sweep()
    passwords.password_resets_sweep()
