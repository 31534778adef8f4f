from celery import shared_task
from django.core.management import call_command

from cms_pages.shared import copies, delivering


@shared_task
def publish_scheduled() -> None:
    """Every minute in every schema: pages and news go live, and off, at their editors' hour."""
    call_command("publish_scheduled", verbosity=0)


@shared_task
def shared_deliver(delivery_id: int) -> None:
    """In the schema of the company that the text is for."""
    delivering.shared_deliver(delivery_id=delivery_id)


@shared_task
def shared_sweep() -> None:
    """Every half minute, in public."""
    delivering.shared_sweep()


@shared_task
def shared_copies_report() -> None:
    """Every hour in every company: the office's list says what is on the sites."""
    copies.copies_report()
