"""A cashier, and a payment that has succeeded."""

import pytest

from tests.support.provider import paid, shop_open
from tests.support.refunds import cashier


@pytest.fixture
def payment(pskov, account, books):
    shop_open()
    return paid(account)


@pytest.fixture
def anna(pskov):
    return cashier("anna")
