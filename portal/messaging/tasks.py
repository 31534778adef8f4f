import uuid

from celery import shared_task

from portal.messaging import services


@shared_task
def message_deliver(message_id: str) -> None:
    services.message_deliver(uuid.UUID(message_id))


@shared_task
def messages_sweep() -> None:
    """Every half minute in every schema: send what the broker lost."""
    for message_id in services.messages_due():
        services.message_deliver(message_id)


@shared_task
def messages_forget() -> None:
    """Every night in every schema."""
    services.messages_forget()
