import pytest

from cabinet.payments.models import AutoPayment
from tests.support.autopay import billed, connected
from tests.support.paying import requisites_set
from tests.support.payment_sandbox import card
from tests.support.payment_sandbox import payment_sandbox as payment_sandbox
from tests.support.payment_sandbox import payment_sandbox_server as payment_sandbox_server
from tests.support.payment_sandbox import shop_set_up as shop_set_up


@pytest.fixture
def shop(pskov, shop_set_up):
    """Pskov takes payments, by the sandbox."""
    requisites_set()
    return shop_set_up("pskov")


@pytest.fixture
def on(shop, payment_sandbox, link, account, clock):
    """An autopay of the 10th, connected on 1 December; November was charged with 194,39 ₽."""

    def make(card_name: str = "good", sum_: str = "195.39", **terms) -> AutoPayment:
        clock.at("2026-12-01T12:00")
        billed(account, "2026-11", sum_)  # less the rouble of the connecting
        return connected(payment_sandbox, link, account, card(card_name), **terms)

    return make
