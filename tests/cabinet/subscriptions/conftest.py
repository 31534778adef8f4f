"""A clock that can be set, and somebody who asked to be reminded."""

import pytest

from cabinet.subscriptions.services import subscription_add
from portal.messaging.models import Message
from portal.messaging.services import message_render


@pytest.fixture
def reminder(owner, link, account, clock):
    clock.at("2026-11-02T12:00")
    return subscription_add(subscriber=owner, account=account, kind="reading_reminder")


def letters() -> list[Message]:
    """As they are rendered when they are sent."""
    found = list(Message.objects.filter(kind="readings_reminder"))
    for message in found:
        message_render(message)
    return found
