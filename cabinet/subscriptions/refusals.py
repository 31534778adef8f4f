"""Addresses and telephones that take no messages any more."""

from typing import Any

from cabinet.notifications.sms_numbers import number_refused
from cabinet.subscriptions.services import subscription_refused
from portal.messaging.models import Message


def refusal_note(*, message: Message, **_: Any) -> None:
    """Note a refusal (a receiver): send nothing more there until the person sees to it."""
    if message.channel == Message.Channel.EMAIL:
        subscription_refused(message)
    elif message.channel == Message.Channel.SMS:
        number_refused(message)
