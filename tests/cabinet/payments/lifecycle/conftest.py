"""Pskov's shop at the provider in memory, and a payment that was not sent yet."""

import pytest

from tests.support.paying import requisites_set, started
from tests.support.provider import shop_open


@pytest.fixture
def shop(pskov, books):
    requisites_set()
    return shop_open()


@pytest.fixture
def payment(shop, account):
    return started(account)
