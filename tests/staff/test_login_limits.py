"""Wrong passwords of staff, by login and network."""

import pytest
from django.test import Client

from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, PSKOV_HOST

LIMIT = 8


def may_log_in(password: str, address: str) -> bool:
    client = Client(headers={"host": PSKOV_HOST}, REMOTE_ADDR=address)
    client.post("/admin/login/", {"username": "nina", "password": password})
    return "_auth_user_id" in client.session


@pytest.fixture(autouse=True)
def _nina(pskov) -> None:
    staff_create(username="nina", password=PASSWORD, groups=["Editors"])


@pytest.mark.parametrize("address", ["198.51.100.{}", "::ffff:198.51.100.{}", "2001:db8:0:{}::1"])
def test_another_network_is_not_shut_out(address):
    for _ in range(LIMIT):
        assert not may_log_in("не тот", address.format(1))
    assert not may_log_in(PASSWORD, address.format(1))
    assert may_log_in(PASSWORD, address.format(2))


def test_a_household_has_one_budget_for_all_its_addresses():
    """A /64 is what a provider gives to one customer: 2⁶⁴ addresses to guess from."""
    for number in range(LIMIT):
        assert not may_log_in("не тот", f"2001:db8::{number + 1:x}")
    assert not may_log_in(PASSWORD, "2001:db8::aaaa")


@pytest.mark.parametrize("address", ["", "unix:", "fe80::1%eth0"])
def test_odd_addresses_come_in(address):
    """Behind a socket the web server knows none."""
    assert not may_log_in("не тот", address)
    assert may_log_in(PASSWORD, address)
