"""An operator at the desk of applications for connection."""

import pytest

from portal.staff.roles import OPERATORS
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, staff_client


@pytest.fixture
def operator(pskov):
    return staff_create(username="anna", password=PASSWORD, groups=[OPERATORS])


@pytest.fixture
def at_desk(operator):
    return staff_client(operator)
