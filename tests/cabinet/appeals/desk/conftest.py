"""Operators, and what they answer."""

import pytest

from portal.staff.models import StaffUser
from tests.support import appeals
from tests.support.factories import staff_client


def operator_named(name: str, first: str, last: str) -> StaffUser:
    user = appeals.make_operator(name)
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
    given = {
        "kind": None,
        "kind_name": "Поверка ПУГ",
        "contact_name": "Нина Егоровна К.",
        "phone": "",
        "text": "Когда поверят счётчик?",
    }
    return lambda **fields: appeals.opened(owner, account, **{**given, **fields})
