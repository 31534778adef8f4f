from celery import shared_task

from cabinet.subscribers.registration import services


@shared_task
def registrations_forget() -> None:
    services.registrations_forget()
