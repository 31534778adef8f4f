import uuid

from celery import shared_task

from portal.jobs import jobs_sweep
from portal.messaging import services
from portal.messaging.contrib.smsaero.states import sms_states_update
from portal.messaging.models import Message


@shared_task
def message_deliver(message_id: str) -> None:
    services.message_deliver(uuid.UUID(message_id))


@shared_task
def messages_drain() -> None:
    services.messages_drain()


@shared_task
def messages_sweep() -> None:
    """Enqueue in this schema what a lost broker or a killed worker left."""
    jobs_sweep(Message.objects.defer("subject", "text", "html", "context"))


@shared_task
def messages_forget() -> None:
    """Run every night in every schema."""
    services.messages_forget()


@shared_task
def sms_states_ask() -> None:
    """Ask the gateway every few minutes, in every schema, what has become of the SMS."""
    sms_states_update()
