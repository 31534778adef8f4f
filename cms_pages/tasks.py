from celery import shared_task
from django.core.management import call_command

from cms_pages.selectors import schedule_is_due
from cms_pages.shared import copies, delivering


@shared_task
def publish_scheduled() -> None:
    """Publish content, and take it off, at its editors' hour. Each minute in every schema."""
    if schedule_is_due():
        call_command("publish_scheduled", verbosity=0)


@shared_task
def shared_deliver(delivery_id: int) -> None:
    """Deliver shared content to the company whose schema is entered."""
    delivering.shared_deliver(delivery_id=delivery_id)


@shared_task
def shared_sweep() -> None:
    """Enqueue forgotten deliveries. Each minute in public."""
    delivering.shared_sweep()


@shared_task
def shared_copies_report() -> None:
    """Report the copies of the company to the central office. Every hour in each."""
    copies.copies_report()
