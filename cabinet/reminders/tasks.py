from celery import shared_task

from cabinet.reminders import services


@shared_task
def reminders_send() -> None:
    """Every quarter of an hour in every schema; most days and hours there is nothing to do."""
    services.reminders_send()
