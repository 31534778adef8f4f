"""Operators, and what they answer."""

from typing import Any
from uuid import uuid4

import pytest

from cabinet.appeals.lifecycle.opening import appeal_open
from cabinet.appeals.models import Appeal
from portal.staff import roles
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, staff_client


def operator_named(name: str, first: str, last: str) -> StaffUser:
    user = staff_create(username=name, password=PASSWORD, groups=[roles.OPERATORS])
    user.first_name, user.last_name = first, last
    user.save()
    return user


@pytest.fixture
def anna(pskov):
    return operator_named("anna", "Анна", "Кузнецова")


@pytest.fixture
def boris(pskov):
    return operator_named("boris", "Борис", "Львов")


@pytest.fixture
def at_desk(anna):
    return staff_client(anna)


@pytest.fixture
def beside(boris):
    return staff_client(boris)


@pytest.fixture
def opened(account, owner):
    """Open an appeal of the owner, with other fields where a test needs them."""

    def make(**fields: Any) -> Appeal:
        given = {
            "source": Appeal.Source.CABINET,
            "kind": None,
            "kind_name": "Поверка ПУГ",
            "account": account,
            "subscriber_id": owner.pk,
            "contact_name": "Нина Егоровна К.",
            "email": "owner@mail.ru",
            "text": "Когда поверят счётчик?",
            "form_key": uuid4(),
        }
        return appeal_open(**{**given, **fields})

    return make
