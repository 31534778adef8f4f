"""A cashier, and a payment that has succeeded."""

import pytest

from portal.staff import roles
from tests.support.payment_desk import staff
from tests.support.provider import paid, shop_open


@pytest.fixture
def anna(pskov):
    return staff("anna", roles.CASHIERS)


@pytest.fixture
def payment(pskov, account, books, owner):
    shop_open()
    return paid(account, subscriber_id=owner.pk)
