"""Billing gives an account another surname: whoever had it proves again that it is theirs."""

import datetime
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone

from cabinet.accounts import surnames
from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.accounts.surnames import link_unconfirmed
from cabinet.accounts.tasks import surname_changes_handle
from cabinet.subscribers.models import AccountLink
from portal.messaging.models import Message
from tests.exchange.builder import OSIPOVA, accounts
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_link,
    make_reading,
    text_of,
    without_ids,
)
from tests.support.linking import link_by_wizard

NEW_OWNER = OSIPOVA.replace("Осипова;Елена;Григорьевна", "Бобров;Евгений;Глебович")
ANSWERS = {"initials": "БЕГ", "proof": "meter", "serial_number": "07416852"}


def give_new_meter(account: PersonalAccount) -> None:
    """Give the account a meter of after the change: the old one's number is known to who had it."""
    account.meters.update(installed_on=timezone.localdate() + datetime.timedelta(days=1))


@pytest.fixture
def sold(load: Any, account: PersonalAccount, link: AccountLink) -> AccountLink:
    """The account has a new owner and a new meter; no task has run yet."""
    load(accounts(NEW_OWNER))
    give_new_meter(account)
    return link


def told() -> list[str]:
    return list(
        Message.objects.filter(kind="account_surname_changed").values_list("recipient", flat=True)
    )


def test_the_old_owner_sees_nothing_from_the_commit_on(sold, owner_client):
    for _ in range(2):
        for path in (f"/cabinet/{sold.pk}/", f"/cabinet/{sold.pk}/readings/"):
            page = owner_client.get(path, follow=True)
            assert page.redirect_chain[-1][0] == f"/cabinet/{sold.pk}/confirm/"
            text = text_of(page)
            assert "теперь другая фамилия владельца" in text
            for secret in ("Бобров", "Осипова", "Рижский", "07416852", "6852", "1900", "54,3"):
                assert secret not in without_ids(text)
        surname_changes_handle()


def test_a_reading_cannot_be_sent_either(sold, owner_client, account):
    meter = account.meters.get()
    owner_client.post(f"/cabinet/{sold.pk}/readings/", {f"meter-{meter.pk}": "1950"})
    assert meter.readings.count() == 1


def test_holders_are_told_once(sold, pskov, account, stranger, novgorod):
    make_link(stranger, pskov, account)
    elsewhere = make_link(stranger, novgorod, account)
    for _ in range(3):
        surname_changes_handle()
    assert sorted(told()) == ["owner@mail.ru", "stranger@mail.ru"]
    letters = Message.objects.filter(kind="account_surname_changed")
    letter = next(one for one in letters if one.recipient == "owner@mail.ru")
    assert f"https://pskov.gas.localhost/cabinet/{sold.pk}/confirm/" in letter.text.replace(
        "http://", "https://"
    )
    assert "Бобров" not in letter.text + letter.html
    sold.refresh_from_db()
    elsewhere.refresh_from_db()
    assert sold.unconfirmed_since is not None
    assert elsewhere.unconfirmed_since is None
    assert not SurnameChange.objects.exists()


def test_a_proof_opens_it_again(sold, owner_client, load):
    path = f"/cabinet/{sold.pk}/confirm/"
    answer = owner_client.post(path, ANSWERS, follow=True)
    assert answer.redirect_chain[-1][0] == f"/cabinet/{sold.pk}/"
    sold.refresh_from_db()
    assert (sold.unconfirmed_since, sold.confirmed_at is None) == (None, False)
    surname_changes_handle()  # the task that came late
    assert owner_client.get(f"/cabinet/{sold.pk}/readings/").status_code == 200
    assert owner_client.get(path).status_code == 302
    load(accounts(OSIPOVA.replace("Осипова", "Сидорова")))
    assert owner_client.get(f"/cabinet/{sold.pk}/readings/").status_code == 302


def test_whoever_has_proved_a_mistyped_surname_too_is_not_asked_again(
    link, account, owner_client, load
):
    load(accounts(MISTYPED))
    give_new_meter(account)
    owner_client.post(f"/cabinet/{link.pk}/confirm/", ANSWERS | {"initials": "ОЕГ"})
    assert is_open(owner_client, link)
    load(accounts(OSIPOVA))
    surname_changes_handle()
    assert is_open(owner_client, link)
    assert told() == ["owner@mail.ru"] and restored() == []


@pytest.mark.parametrize("wrong", [{"initials": "ОЕГ"}, {"serial_number": "6852"}])
def test_the_old_answers_do_not(wrong, sold, owner_client):
    path = f"/cabinet/{sold.pk}/confirm/"
    page = text_of(owner_client.post(path, ANSWERS | wrong))
    assert "Ответы не подошли" in page
    sold.refresh_from_db()
    assert owner_client.get(f"/cabinet/{sold.pk}/readings/").status_code == 302
    for value in (ANSWERS | wrong).values():
        assert value in page
    for _ in range(2):
        owner_client.post(path, ANSWERS | wrong)
    assert "минут" in text_of(owner_client.post(path, ANSWERS))
    sold.refresh_from_db()
    assert sold.confirmed_at is None


def test_the_new_owner_links_it_as_anybody(sold, stranger, pskov):
    surname_changes_handle()
    agree(stranger, pskov)
    client = logged_in(stranger, PSKOV_HOST)
    link_by_wizard(client, ANSWERS)
    assert stranger.account_links.exists()


@pytest.mark.parametrize("name", ["ОСИПОВА", "осипова", "Осипова"])
def test_the_same_name_written_otherwise_is_no_new_owner(name, load, account, link):
    load(accounts(OSIPOVA.replace("Осипова", name)))
    assert not SurnameChange.objects.exists()


def test_nor_is_another_given_name_or_a_file_without_surnames(load, account, link):
    load(accounts(OSIPOVA.replace("Елена", "Алёна")))
    load({"accounts.csv": "account_number;living\n805107;3\n"})
    assert not SurnameChange.objects.exists()


def test_a_closed_account_stays_closed_to_the_old_owner(sold, owner_client, account):
    PersonalAccount.objects.update(closed_on=datetime.date(2026, 11, 5))
    page = text_of(owner_client.post(f"/cabinet/{sold.pk}/confirm/", ANSWERS))
    assert "счёт закрыт" in page


MISTYPED = OSIPOVA.replace("Осипова", "Осипава")


def restored() -> list[str]:
    letters = Message.objects.filter(kind="account_surname_restored")
    return sorted(letters.values_list("recipient", flat=True))


def is_open(client, link) -> bool:
    return client.get(f"/cabinet/{link.pk}/readings/").status_code == 200


def test_a_change_that_is_taken_back_opens_the_links_again(
    owner_client, owner, stranger, link, account, pskov, load
):
    make_link(stranger, pskov, account)
    load(accounts(MISTYPED))
    assert not is_open(owner_client, link)
    surname_changes_handle()
    assert not is_open(owner_client, link)
    load(accounts(OSIPOVA.replace("Осипова", "ОСИПОВА\u00a0")))
    for _ in range(2):
        surname_changes_handle()
    assert is_open(owner_client, link)
    assert restored() == ["owner@mail.ru", "stranger@mail.ru"] == sorted(told())
    letters = Message.objects.filter(kind="account_surname_restored")
    letter = next(one for one in letters if one.recipient == owner.email)
    assert f"/cabinet/{link.pk}/" in letter.text and "805107" in letter.text


def test_taken_back_before_anybody_was_told_nothing_is_said(owner_client, link, account, load):
    load(accounts(MISTYPED))
    load(accounts(OSIPOVA))
    surname_changes_handle()
    assert is_open(owner_client, link)
    assert told() == restored() == []


def test_by_way_of_a_third_surname_too(owner_client, link, account, load):
    for line in (MISTYPED, NEW_OWNER, OSIPOVA):
        load(accounts(line))
        surname_changes_handle()
    assert is_open(owner_client, link)
    assert told() == restored() == ["owner@mail.ru"]


def test_not_when_another_has_proved_it_meanwhile(sold, owner_client, stranger, pskov, load):
    surname_changes_handle()
    agree(stranger, pskov)
    client = logged_in(stranger, PSKOV_HOST)
    link_by_wizard(client, ANSWERS)
    theirs = stranger.account_links.get()
    load(accounts(OSIPOVA))
    surname_changes_handle()
    assert not is_open(owner_client, sold) and not is_open(client, theirs)
    assert restored() == []
    # The proof is the way in, as before.
    owner_client.post(f"/cabinet/{sold.pk}/confirm/", ANSWERS | {"initials": "ОЕГ"})
    assert is_open(owner_client, sold)


def test_nor_a_link_that_is_no_more(sold, owner_client, load):
    surname_changes_handle()
    AccountLink.objects.all().delete()
    load(accounts(OSIPOVA))
    surname_changes_handle()
    assert restored() == []


def test_whoever_linked_it_under_the_new_surname_is_not_asked_again(sold, stranger, pskov):
    """Though the task comes later: the link knows for which surname it was proved."""
    agree(stranger, pskov)
    client = logged_in(stranger, PSKOV_HOST)
    link_by_wizard(client, ANSWERS)
    surname_changes_handle()
    assert told() == ["owner@mail.ru"]
    assert is_open(client, stranger.account_links.get())


def test_a_kill_while_links_are_opened_again_loses_nothing(sold, load, monkeypatch):
    surname_changes_handle()
    load(accounts(OSIPOVA))
    with monkeypatch.context() as killed:
        killed.setattr(surnames, "subscriber_notify", mock.Mock(side_effect=RuntimeError("killed")))
        with pytest.raises(RuntimeError), transaction.atomic():
            surname_changes_handle()
    sold.refresh_from_db()
    assert sold.unconfirmed_since and SurnameChange.objects.count() == 1
    surname_changes_handle()
    sold.refresh_from_db()
    assert sold.unconfirmed_since is None and restored() == ["owner@mail.ru"]


def test_a_listener_stops_what_must_not_go_on(sold, request):
    """Such as an autopayment: in the same transaction, so that a failure of it loses nothing."""
    heard = []

    def listen(sender, link, **_):
        heard.append(link.pk)
        if len(heard) == 1:
            raise RuntimeError("killed")

    link_unconfirmed.connect(listen)
    request.addfinalizer(lambda: link_unconfirmed.disconnect(listen))
    with pytest.raises(RuntimeError), transaction.atomic():
        surname_changes_handle()
    assert SurnameChange.objects.count() == 1
    assert told() == []
    surname_changes_handle()
    assert heard == [sold.pk, sold.pk]
    assert told() == ["owner@mail.ru"]


def test_the_page_asks_nobody_whose_link_is_good(owner_client, link):
    make_reading(PersonalAccount.objects.get().meters.get(), 1901, datetime.date(2024, 5, 27))
    assert owner_client.get(f"/cabinet/{link.pk}/confirm/").status_code == 302


def test_what_the_former_owner_has_read_is_no_proof(load, account, link, owner_client, stranger):
    """Neither on the page that asks again nor for a new link; the ways that are left are offered."""
    load(accounts(NEW_OWNER))
    path = f"/cabinet/{link.pk}/confirm/"
    for _ in range(2):  # before and after the task
        page = text_of(owner_client.post(path, ANSWERS))
        assert "подтвердит оператор" in page and 'name="serial_number"' not in page
        surname_changes_handle()
    client = logged_in(stranger, PSKOV_HOST)
    agree(stranger, link.company)
    assert "нам не о чем спросить" in text_of(link_by_wizard(client, ANSWERS))
    give_new_meter(account)
    page = text_of(owner_client.post(path, ANSWERS | {"proof": "bill", "bill_sum": "1234,56"}))
    assert "Выберите другой способ" in page
    assert 'name="serial_number"' in page and 'name="bill_sum"' not in page
    assert not is_open(owner_client, link)
    owner_client.post(path, ANSWERS)
    assert is_open(owner_client, link)


def test_who_has_nothing_of_it_is_led_to_the_operator(sold, owner_client):
    path = f"/cabinet/{sold.pk}/confirm/"
    page = text_of(owner_client.post(path, {"initials": "БЕГ", "proof": "nothing"}))
    assert "Назад, к" in page and 'name="initials"' not in page
