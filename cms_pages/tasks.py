from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled() -> None:
    """Every minute in every schema: pages and news go live, and off, at their editors' hour."""
    call_command("publish_scheduled", verbosity=0)
