"""A clock that can be set, and somebody who asked to be reminded."""

import pytest

from cabinet.subscriptions.services import subscription_add
from portal.messaging.models import Message


@pytest.fixture
def reminder(owner, link, account, clock):
    clock.at("2026-11-02T12:00")
    return subscription_add(subscriber=owner, account=account, kind="reading_reminder")


def letters() -> list[Message]:
    return list(Message.objects.filter(kind="readings_reminder"))
