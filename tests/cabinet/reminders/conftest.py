"""A clock that can be set, and somebody who asked to be reminded."""

import datetime

import pytest

from cabinet.reminders.services import reminder_switch_on
from portal.messaging.models import Message


def at(monkeypatch, moment: str, zone: str = "+03:00") -> None:
    now = datetime.datetime.fromisoformat(f"{moment}{zone}")
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def reminder(owner, link, account, monkeypatch):
    at(monkeypatch, "2026-11-02T12:00")
    return reminder_switch_on(subscriber=owner, account=account)


def letters() -> list[Message]:
    return list(Message.objects.filter(kind="readings_reminder"))
