"""The tasks of connection; each calls one service."""

from celery import shared_task

from cabinet.connection.forwarding.services import application_forward as forward


@shared_task
def application_forward(application_pk: int) -> None:
    """Forward an application to its recipient."""
    forward(application_pk=application_pk)
