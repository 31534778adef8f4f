from celery import shared_task

from cabinet.subscriptions import reminding


@shared_task
def reminders_send() -> None:
    """Remind of readings: every quarter of an hour in every schema, mostly with nothing to do."""
    reminding.reminders_send()
