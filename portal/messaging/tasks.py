import uuid

from celery import shared_task

from portal.messaging import sending, services
from portal.messaging.contrib.smsaero.states import sms_states_update


@shared_task
def message_deliver(message_id: str) -> None:
    sending.message_deliver(uuid.UUID(message_id))


@shared_task
def messages_drain() -> None:
    sending.messages_drain()


@shared_task
def messages_sweep() -> None:
    sending.messages_sweep()


@shared_task
def messages_forget() -> None:
    """Run every night in every schema."""
    services.messages_forget()


@shared_task
def sms_states_ask() -> None:
    """Ask the gateway every few minutes, in every schema, what has become of the SMS."""
    sms_states_update()
