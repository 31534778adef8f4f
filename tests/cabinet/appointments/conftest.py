"""Operators at the desk of appointments, with a centre that has two windows."""

import html
from uuid import uuid4

import pytest

from cabinet.appointments.lifecycle.by_staff import appointment_by_staff
from tests.support.appeals import make_operator
from tests.support.appointments import MONDAY, at, make_queue, make_service
from tests.support.factories import staff_client, text_of

DESK = "/admin/appointments/"


def shown(response):
    return html.unescape(text_of(response)).replace("\xa0", " ")


def to_call(client):
    page = client.get(f"{DESK}calls/")
    waiting = page.context["calls"].waiting
    return {one.booking.number: {it.code for it in one.reasons} for one in waiting}


@pytest.fixture
def anna(pskov):
    return make_operator("anna")


@pytest.fixture
def at_desk(anna):
    return staff_client(anna)


@pytest.fixture
def centre(pskov):
    return make_queue(desks=2)


@pytest.fixture
def service(pskov):
    return make_service("Перерасчёт", 30)


@pytest.fixture
def by_phone(centre, service, anna):
    """Book a window as an operator does."""

    def book(time="09:00", day=MONDAY, **fields):
        given = {"contact_name": "Нина Егоровна", "phone": "+79111234567", **fields}
        return appointment_by_staff(
            centre=centre,
            service=service,
            starts_at=at(time, day),
            form_key=uuid4(),
            actor=anna,
            **given,
        )

    return book
