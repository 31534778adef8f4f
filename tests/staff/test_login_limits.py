"""Wrong passwords of staff, by login, by network, and by both."""

import re
from typing import Any

import pytest
from django.test import Client
from limits.strategies import FixedWindowRateLimiter

from portal.messaging.models import Message
from portal.staff.login.passwords import password_reset_send
from portal.staff.models import PasswordReset, StaffUser
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, PSKOV_HOST, text_of

LIMIT = 8  # of a login from one address
ACCOUNT_GUESSES = 10  # of a login in all


def may_log_in(password: str, address: str) -> bool:
    client = Client(headers={"host": PSKOV_HOST}, REMOTE_ADDR=address)
    client.post("/admin/login/", {"username": "nina", "password": password})
    return "_auth_user_id" in client.session


@pytest.fixture(autouse=True)
def _nina(pskov) -> None:
    staff_create(username="nina", password=PASSWORD, email="nina@gas.ru", groups=["Editors"])


@pytest.mark.parametrize("address", ["198.51.100.{}", "::ffff:198.51.100.{}", "2001:db8:0:{}::1"])
def test_another_network_is_not_shut_out(address):
    for _ in range(LIMIT):
        assert not may_log_in("не тот", address.format(1))
    assert not may_log_in(PASSWORD, address.format(1))
    client = Client(headers={"host": PSKOV_HOST}, REMOTE_ADDR=address.format(1))
    answer = client.post("/admin/login/", {"username": "nina", "password": PASSWORD})
    assert "Слишком много неверных паролей" in text_of(answer)
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


class Guess(Client):
    """A browser of another network after one try of a password; `answer` is the page."""

    answer: Any


def guess(password: str, number: int = 1, username: str = "nina") -> Guess:
    client = Guess(headers={"host": PSKOV_HOST}, REMOTE_ADDR=f"198.51.100.{number}")
    client.answer = client.post("/admin/login/", {"username": username, "password": password})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_account_has_ten_guesses_whoever_makes_them(monkeypatch):
    """Beyond them none is looked at, be it the right one; the page is the same for an unknown login."""
    looked = []
    check = StaffUser.check_password
    monkeypatch.setattr(StaffUser, "check_password", lambda *a: looked.append(1) or check(*a))
    for number in range(30):
        guess("не тот", number)
    assert len(looked) == ACCOUNT_GUESSES
    right = guess(PASSWORD, 99)
    assert not is_in(right) and len(looked) == ACCOUNT_GUESSES
    assert "Слишком много неверных паролей" in text_of(right.answer)
    for number in range(ACCOUNT_GUESSES):
        guess("не тот", number, "nobody")
    assert "Слишком много неверных паролей" in text_of(guess("x", 99, "NOBODY").answer)
    assert not is_in(guess(PASSWORD, 98, " Nina"))  # spelt otherwise, it is the same account


def test_a_right_password_forgets_the_wrong_ones():
    for number in range(ACCOUNT_GUESSES - 1):
        guess("не тот", number)
    assert is_in(guess(PASSWORD, 50))
    assert not is_in(guess("не тот", 51)) and is_in(guess(PASSWORD, 52))


def test_a_network_has_fifty():
    """One password for many logins is a guess at each."""
    for number in range(50):
        guess("лето2026", 7, f"somebody{number}")
    assert not is_in(guess(PASSWORD, 7))
    assert is_in(guess(PASSWORD, 8))


def test_the_other_door_counts_too():
    """Wagtail's login for closed pages, /_util/login/, asks the same backend."""
    client = Client(headers={"host": PSKOV_HOST}, REMOTE_ADDR="198.51.100.1")
    client.raise_request_exception = False
    for number in range(ACCOUNT_GUESSES):
        guess("не тот", number + 10)
    client.post("/_util/login/", {"username": "nina", "password": PASSWORD})
    assert not is_in(client)


def test_the_letter_lets_the_owner_in_while_others_guess():
    for number in range(30):
        guess("не тот", number)
    owner = guess(PASSWORD, 60)
    assert not is_in(owner)
    owner.post("/admin/password_reset/", {"email": "nina@gas.ru"})
    password_reset_send(reset_id=PasswordReset.objects.get().pk)
    text = Message.objects.get(kind="staff_password_reset").text
    path = re.search(r"(/admin/password_reset/confirm/\S+)", text)[1]
    form = owner.get(path, follow=True).redirect_chain[-1][0]
    new = {"new_password1": PASSWORD[::-1], "new_password2": PASSWORD[::-1]}
    assert owner.post(form, new).status_code == 302
    assert owner.get("/admin/").status_code == 200


def test_without_valkey_the_table_of_axes_still_counts(monkeypatch):
    def down(*_: object, **__: object) -> None:
        raise ConnectionError

    for name in ("hit", "test", "clear"):
        monkeypatch.setattr(FixedWindowRateLimiter, name, down)
    assert is_in(guess(PASSWORD))
    for _ in range(LIMIT):
        guess("не тот")
    assert not is_in(guess(PASSWORD)) and is_in(guess(PASSWORD, 2))
