"""An operator of Pskov, and the page of account 805107."""

import pytest

from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, staff_client

DESK = "/admin/personal-accounts/"
REASON = "звонок абонента, вопрос о показаниях"


@pytest.fixture
def operator(pskov):
    user = staff_create(username="operator", password=PASSWORD, groups=[roles.OPERATORS])
    return staff_client(user)


@pytest.fixture
def path(account):
    return f"{DESK}{account.pk}/"


@pytest.fixture
def opened(operator, path):
    """The operator's browser, with the account opened."""
    assert operator.post(f"{path}open/", {"reason": REASON}).url == path
    return operator
