"""The guest's account finder: what it asks for, what it never shuts out, what its cookies open."""

import pytest
from django.test import Client
from limits import RateLimitItemPerHour

from cabinet.accounts import lookup
from cabinet.accounts.guest.forms import FORMS
from cabinet.accounts.lookup import (
    AccountNotFound,
    CareNeeded,
    LookupBlocked,
    LookupClient,
    account_find,
)
from tests.support.factories import PSKOV_HOST, make_account, make_meter, text_of
from tests.support.guest_readings import PATH, account_path, find

CLIENT = LookupClient("k" * 22, "192.0.2.1")


def missed_often(company, number: str) -> None:
    for _ in range(10):
        lookup.account_misses.spend(f"{company.schema_name}:{number}")


def test_a_fund_is_asked_for_the_number_alone(pskov):
    account = make_account("42")
    form = FORMS["capital_repair"]({"account_number": " 42 "}, here=pskov)
    assert form.is_valid() and list(form.fields) == ["account_number"]
    missed_often(pskov, "42")
    found = account_find(
        company=form.chosen_company,
        account_number=form.cleaned_data["account_number"],
        initials=form.initials_typed,
        client=CLIENT,
    )
    assert found == account


@pytest.mark.parametrize("typed", ["ж 12 3", "Ж-12/3", "00Ж12\u200b3", "№ Ж—12—3"])
def test_a_funds_number_is_found_as_it_is_typed(pskov, typed):
    account = make_account("Ж-12/3")
    form = FORMS["capital_repair"]({"account_number": typed}, here=pskov)
    assert form.is_valid()
    number = form.cleaned_data["account_number"]
    assert (
        account_find(company=pskov, account_number=number, initials=None, client=CLIENT) == account
    )


def test_misses_of_a_number_are_counted_together_however_it_is_typed(account, pskov):
    ways = ("805-107", "805 107", "8-0-5-1-0-7", "00805107", "8/05107")
    for turn, typed in enumerate(ways * 2):
        client = LookupClient(f"{turn:022}", "192.0.2.1")
        with pytest.raises(AccountNotFound):
            account_find(company=pskov, account_number=typed, initials="Я", client=client)
    with pytest.raises(CareNeeded):
        account_find(company=pskov, account_number="805107", initials="ОЕГ", client=CLIENT)


def test_an_account_without_a_meter_stays_findable(pskov):
    account = make_account("42")
    missed_often(pskov, "42")
    asked = {"company": pskov, "account_number": "42", "client": CLIENT}
    assert account_find(initials="ОЕГ", **asked) == account
    with pytest.raises(AccountNotFound):
        account_find(initials="АБВ", **asked)


def test_an_unknown_number_is_asked_the_careful_question_too(pskov):
    missed_often(pskov, "42")
    with pytest.raises(CareNeeded):
        account_find(company=pskov, account_number="42", initials="ОЕГ", client=CLIENT)


@pytest.mark.parametrize(
    ("limit", "initials"), [("address_lookups", "ОЕГ"), ("address_numbers", None)]
)
def test_look_ups_that_find_are_limited_too(pskov, account, monkeypatch, limit, initials):
    monkeypatch.setattr(getattr(lookup, limit), "item", RateLimitItemPerHour(3))
    asked = {"company": pskov, "account_number": "805107", "initials": initials, "client": CLIENT}
    for _ in range(3):
        account_find(**asked)
    with pytest.raises(LookupBlocked):
        account_find(**asked)


def test_two_tabs_with_two_accounts_do_not_mix(guest, account):
    make_meter(make_account("42"), "m-2", model="Гранд")
    first, second = account_path(find(guest)), account_path(find(guest, account_number="42"))
    assert "ВК Арзамас G4T" in text_of(guest.get(first))
    page = text_of(guest.get(second))
    assert "Гранд" in page and "ВК Арзамас G4T" not in page


def test_an_address_opens_nothing_in_another_browser(guest, account):
    address = account_path(find(guest))
    assert "805107" not in address
    answer = Client(headers={"host": PSKOV_HOST}).get(address)
    assert answer.status_code == 404 and "ОЕГ" not in text_of(answer)


def test_the_cookie_is_of_its_address_and_host_alone(guest, account):
    address = account_path(find(guest))
    cookie = guest.cookies[f"guest_{address.split('/')[-2]}"]
    assert (cookie["path"], cookie["domain"], cookie["httponly"]) == (address, "", True)


def test_the_stored_parts_of_a_page_hold_nothing_of_a_visitor(guest, account):
    found = find(guest)
    other = text_of(Client(headers={"host": PSKOV_HOST}).get(PATH))
    assert "ОЕГ" not in other and "805107" not in other.replace("например 805107", "")
    assert "wo5i8b" not in found + other
    tokens = [text.split('name="csrfmiddlewaretoken" value="')[1][:64] for text in (found, other)]
    assert tokens[0] != tokens[1]


def test_the_page_posts_only_with_its_token(account):
    client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    page = text_of(client.get(PATH))
    typed = {"region": "Псковская область", "account_number": "805107", "initials": "ОЕГ"}
    assert client.post(PATH, typed).status_code == 403
    token = page.split('name="csrfmiddlewaretoken" value="')[1][:64]
    assert client.post(PATH, typed | {"csrfmiddlewaretoken": token}).status_code == 302
