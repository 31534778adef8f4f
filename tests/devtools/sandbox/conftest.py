import pytest

from tests.devtools.sandbox.asking import Client


@pytest.fixture
def pskov_shop(payment_sandbox):
    return Client(payment_sandbox.sandbox, payment_sandbox.shop("pskov"))


@pytest.fixture
def novgorod_shop(payment_sandbox):
    return Client(payment_sandbox.sandbox, payment_sandbox.shop("novgorod"))
