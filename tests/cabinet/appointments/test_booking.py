"""From a free window to a booking, moved and cancelled; what is refused on the way."""

import datetime
import re

import pytest

from cabinet.appointments.exceptions import (
    CodeTooSoon,
    LinkDead,
)
from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.lifecycle.confirming import (
    appointment_code_send,
    appointment_confirm,
)
from cabinet.appointments.selectors import (
    appointment_by_link,
    centres_bookable,
    days_free,
    services_of,
)
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.secrets import CodeWrong, secret_hash
from tests.support.appointments import MONDAY, at, held, make_queue, make_service

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _morning(clock):
    clock.at("2026-09-14T07:00")


@pytest.fixture
def centre(pskov):
    return make_queue()


@pytest.fixture
def service(pskov):
    return make_service()


def times(centre, service, day=MONDAY) -> list[str]:
    (found,) = days_free(centre, service, day, day)
    return [f"{one.starts_at:%H:%M}" for one in found.windows]


def code_of(message: Message) -> str:
    return re.search(r"\d{3} ?\d{3}", message.text)[0].replace(" ", "")


def test_from_a_window_to_a_booking_that_is_moved_and_cancelled(centre, service, clock):
    assert centre in centres_bookable() and service in services_of(centre)
    assert times(centre, service) == ["09:00", "09:30", "10:00", "10:30"]
    appointment = held(centre, service, at("09:30"), email="guest@mail.ru", phone="")
    assert times(centre, service) == ["09:00", "10:00", "10:30"]
    contact = appointment_code_send(appointment_pk=appointment.pk)
    assert str(contact) == "guest@mail.ru"
    with pytest.raises(CodeTooSoon):
        appointment_code_send(appointment_pk=appointment.pk)
    code = code_of(Message.objects.get(kind="appointment_code"))
    with pytest.raises(CodeWrong):
        appointment_confirm(appointment_pk=appointment.pk, code="000000")
    secret = appointment_confirm(appointment_pk=appointment.pk, code=code)
    # Sent twice: the same link.
    assert appointment_confirm(appointment_pk=appointment.pk, code=code) == secret
    assert appointment_by_link(secret) == appointment

    old = secret_hash(secret)
    move = {"appointment_pk": appointment.pk, "link_hash": old}
    secret = appointment_move(**move, starts_at=at("10:30"))
    assert times(centre, service) == ["09:00", "09:30", "10:00"]
    with pytest.raises(LinkDead):
        appointment_move(**move, starts_at=at("09:00"))
    with pytest.raises(LinkDead):
        appointment_cancel(appointment_pk=appointment.pk, link_hash=old)
    appointment_cancel(appointment_pk=appointment.pk, link_hash=secret_hash(secret))
    assert times(centre, service) == ["09:00", "09:30", "10:00", "10:30"]
    assert appointment_by_link(secret) is None
    with pytest.raises(LinkDead):
        appointment_cancel(appointment_pk=appointment.pk, link_hash=secret_hash(secret))
    actions = AuditEntry.objects.filter(subject=appointment.number).order_by("pk")
    assert [one.action for one in actions] == [
        f"appointment.{verb}" for verb in ("book", "move", "cancel")
    ]
