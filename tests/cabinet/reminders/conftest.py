"""A clock that can be set, and somebody who asked to be reminded."""

import pytest

from cabinet.reminders.services import reminder_switch_on
from portal.messaging.models import Message


@pytest.fixture
def reminder(owner, link, account, clock):
    clock.at("2026-11-02T12:00")
    return reminder_switch_on(subscriber=owner, account=account)


def letters() -> list[Message]:
    return list(Message.objects.filter(kind="readings_reminder"))
