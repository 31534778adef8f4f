"""Payment without registration: whose account and shop it is, and what a guest is shown."""

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context
from limits import RateLimitItemPerHour

from cabinet.billing.selectors import account_balance, guest_due
from cabinet.payments.models import Payment
from cabinet.payments.page import limits, payment_page
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    make_account,
    make_charge,
    text_of,
    without_ids,
)
from tests.support.payment_page import BANK, fields_of, only_payment, pay, paying_shop, said
from tests.support.provider import paid

PATH = "/guest/payment/"
APRIL = datetime.date(2024, 4, 1)
RIGHT = {"region": "Псковская область", "account_number": "805107", "initials": "ОЕГ"}


def find(client: Client, **typed: str) -> str:
    """Return the address of the account's page that a look-up leads to."""
    answer: Any = client.post(PATH, typed or RIGHT)
    assert answer.status_code == 302, said(answer)
    return answer.url


def owe(account) -> None:
    make_charge(account, APRIL, opening="0.00", accrued="194.32")
    make_charge(account, APRIL, kind="penalty", opening="0.00", accrued="0.07")


@pytest.fixture
def owing(account, books):
    paying_shop()
    owe(account)
    return account


@pytest.fixture
def fund(pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    return pskov


def test_a_guest_pays_what_is_owed(guest, owing):
    assert "Проверить номер ЛС" in said(guest.get(PATH))
    path = find(guest)
    page = said(guest.get(path))
    for text in ("194,39 ₽", "805107", "ООО «Псковгаз»", "Получить чек на email"):
        assert text in page, text
    assert "Осипова" not in page and "Рижский" not in page
    assert pay(guest, path).url.startswith(BANK)
    payment = only_payment()
    assert (payment.channel, payment.subscriber_id, payment.link_id) == ("guest", None, None)
    assert payment.amount == Decimal("194.39")


def test_a_wrong_name_is_told_and_three_block(guest, owing):
    for _ in range(2):
        assert "Не нашли лицевой счёт" in said(guest.post(PATH, {**RIGHT, "initials": "АБВ"}))
    assert guest.post(PATH, {**RIGHT, "initials": "АБВ"}).status_code == 429
    assert guest.post(PATH, RIGHT).status_code == 429


def test_another_regions_account_is_paid_to_its_own_company(guest, novgorod, owing, books):
    with schema_context("novgorod"):
        paying_shop("200600", commission_collector="portal", commission_min=Decimal(15))
        owe(make_account("900"))
    typed = RIGHT | {"region": "Новгородская область", "account_number": "900"}
    path = find(guest, **typed)
    page = guest.get(path)
    assert "209,39 ₽" in said(page)
    assert f"//{NOVGOROD_HOST}" in page["Content-Security-Policy"]
    assert pay(guest, path).url.startswith(BANK)
    assert not Payment.objects.exists() and not books.payments
    with schema_context("novgorod"):
        payment = only_payment()
        assert (payment.shop_id, payment.amount) == ("200600", Decimal("209.39"))
        assert f"//{NOVGOROD_HOST}" in payment.body and PSKOV_HOST not in payment.body


def test_another_regions_company_without_a_shop_says_so_itself(guest, novgorod, owing):
    with schema_context("novgorod"):
        make_account("900")
    typed = RIGHT | {"region": "Новгородская область", "account_number": "900"}
    page = said(guest.get(find(guest, **typed)))
    assert "Оплатить здесь пока нельзя" in page and novgorod.name in page


def test_the_page_of_a_key_is_this_browsers_alone(guest, owing):
    path = find(guest)
    elsewhere = Client(headers={"host": PSKOV_HOST})
    answer = elsewhere.get(path)
    assert answer.status_code == 404 and "194,39" not in text_of(answer)


def test_a_guest_reads_no_sum_that_could_prove_anything(guest, owing):
    """The payments of holders prove accounts later: their sums are not named, nor taken off."""
    paid(owing, "77.11", "0.00", state="pending", paid_at=None, ended_at=None)
    page = guest.get(find(guest))
    assert "77,11" not in said(page) and "уже обрабатывается платёж" in said(page)
    sums = {one.replace(" ", "") for one in re.findall(r"[\d ]+,\d\d(?= ₽)", said(page))}
    sums |= {fields_of(page.content.decode())[name] for name in ("principal", "penalty")}
    due = guest_due(account_balance(owing))
    assert sums <= {f"{one:.2f}".replace(".", ",") for one in due.sums}


def test_a_funds_guest_names_a_number_and_is_shown_nothing(guest, fund, owing):
    page = said(guest.get(PATH))
    assert "Оплата без регистрации" in page and "Оплатить услуги" in page
    path = find(guest, account_number="805107")
    page = guest.get(path)
    text = said(page)
    assert "Вернуться на главную страницу" in text and "Взнос на капитальный ремонт" in text
    for hidden in ("194", "Осипова", "Елена", "Рижский"):
        assert hidden not in without_ids(text), hidden
    assert fields_of(page.content.decode())["principal"] == ""
    assert pay(guest, path, principal="150", total_seen="150.00").url.startswith(BANK)


def test_a_funds_guest_learns_nothing_by_typing_sums_either(guest, fund, owing):
    paid(owing, "77.11", "0.00", state="pending", paid_at=None, ended_at=None)
    path = find(guest, account_number="805107")
    answer = pay(guest, path, principal="99000", total_seen="99000.00")
    page = said(answer)
    assert "уже обрабатывается платёж" in page
    for hidden in ("77,11", "194", "десять раз", "переплат"):
        assert hidden not in without_ids(page), hidden


def test_a_fund_may_let_guests_see_the_sums(guest, fund, owing):
    paying_shop(shows_sums_to_guests=True)
    page = guest.get(find(guest, account_number="805107"))
    assert "194,39 ₽" in said(page)
    assert fields_of(page.content.decode())["principal"] == "194,32"


def test_an_unknown_number_of_a_fund(guest, fund, owing):
    page = said(guest.post(PATH, {"account_number": "900"}))
    assert "Не нашли" in page and "инициалы" not in page


def test_too_many_payments_meet_the_captcha(guest, owing, monkeypatch):
    monkeypatch.setattr(limits.network_payments, "item", RateLimitItemPerHour(1))
    path = find(guest)
    pay(guest, path)
    asked = pay(guest, path, principal="10", total_seen="10.00")
    assert "робот" in said(asked) and Payment.objects.count() == 1
    tick = re.search(
        r'name="sure_second"[^>]*value="([^"]+)"', asked.content.decode()
    ) or re.search(r'value="([^"]+)"[^>]*name="sure_second"', asked.content.decode())
    typed = {"principal": "10", "total_seen": "10.00", "sure_second": tick[1], "captcha": "human"}
    assert pay(guest, path, **typed).url.startswith(BANK)


def test_payments_that_are_sent_at_once_are_counted_as_well(guest, owing, monkeypatch):
    """Each has looked at the counter before any of them was counted."""
    monkeypatch.setattr(limits.network_payments, "item", RateLimitItemPerHour(1))
    monkeypatch.setattr(payment_page, "payment_needs_captcha", lambda *_: False)
    path = find(guest)
    pay(guest, path)
    Payment.objects.update(state="canceled")
    asked = pay(guest, path)
    assert "Подтвердите, что вы не робот" in said(asked) and Payment.objects.count() == 1
    assert 'name="captcha' in asked.content.decode()


def test_a_closed_account_can_be_paid(guest, owing):
    owing.closed_on = APRIL
    owing.save()
    assert pay(guest, find(guest)).url.startswith(BANK)


def test_a_device_may_remember_the_account(guest, owing):
    path = find(guest)
    guest.post(f"{path}remember/")
    assert 'value="805107"' in text_of(guest.get(PATH))
    guest.post(f"{PATH}forget/")
    assert 'value="805107"' not in text_of(guest.get(PATH))


def test_the_site_leads_to_it(guest, owing):
    assert f'href="{PATH}"' in text_of(guest.get("/cabinet/"))


def test_only_the_browser_that_has_begun_a_payment_is_led_back_to_it(guest, owing):
    path = find(guest)
    pay(guest, path)
    page = guest.get(path)
    assert only_payment().return_key in page.content.decode()
    assert "Вернуться к этому платежу" in said(page)
    elsewhere = Client(headers={"host": PSKOV_HOST})
    page = elsewhere.get(find(elsewhere))
    assert "194,39 ₽ обрабатывается" in said(page)
    assert only_payment().return_key not in page.content.decode()
