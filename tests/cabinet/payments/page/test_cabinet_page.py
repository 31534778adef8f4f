"""The payment page of the cabinet: what it offers, what it refuses, what it asks before it pays."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone
from limits import RateLimitItemPerHour

from cabinet.payments.models import Payment
from cabinet.payments.page import limits
from cabinet.subscribers.models import SubscriberSession
from tests.support.factories import PASSWORD, PSKOV_HOST, logged_in, make_charge
from tests.support.payment_page import (
    BANK,
    fields_of,
    form_of,
    only_payment,
    pay,
    paying_shop,
    said,
)

APRIL = datetime.date(2024, 4, 1)


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/payment/"


@pytest.fixture
def shop(books, pskov):
    return paying_shop()


@pytest.fixture
def owing(account):
    """194.32 of services and 0.07 of penalty (manual 2, figure 3.2.3)."""
    make_charge(account, APRIL, opening="0.00", accrued="194.32")
    make_charge(account, APRIL, kind="penalty", opening="0.00", accrued="0.07")
    return account


def test_what_is_owed_is_paid_by_one_press(owner_client, path, shop, owing, books):
    page = owner_client.get(path)
    for text in (
        "ООО «Псковгаз»",
        "805107",
        "194,39 ₽",
        "Перейти к оплате",
        "Как отменить платёж?",
    ):
        assert text in said(page), text
    answer = pay(owner_client, path)
    payment = only_payment()
    assert answer.url == payment.confirmation_url and answer.url.startswith(BANK)
    assert (payment.principal, payment.penalty) == (Decimal("194.32"), Decimal("0.07"))
    assert payment.amount == Decimal("194.39") and payment.state == "pending"
    assert (payment.channel, str(payment.link_id)) == ("cabinet", path.split("/")[2])
    assert payment.paid_for["period"] == "2024-04-01"


@pytest.mark.parametrize(
    "typed",
    [
        "1e5",
        "-1",
        "0.001",
        "999999999",
        "NaN",
        "0",
        "",
        "0,50",
        "350000,01",
        "Infinity",
        "1,111.10",
    ],
)
def test_a_bad_sum_is_refused_at_its_field(owner_client, path, shop, owing, typed):
    answer = pay(owner_client, path, principal=typed, penalty="0")
    page = answer.content.decode()
    assert answer.status_code == 200 and 'id="id_principal_error"' in page
    assert not Payment.objects.exists()
    assert fields_of(page)["principal"] == typed


def test_a_sum_is_understood_as_people_write_it(owner_client, path, shop, owing):
    make_charge(owing, APRIL, service="cook", accrued="1000.00")
    answer = pay(owner_client, path, principal="1 111,10", penalty="", total_seen="1111.10")
    assert answer.url.startswith(BANK)
    assert only_payment().amount == Decimal("1111.10")


def test_it_is_confirmed_and_has_a_method_of_the_shop(owner_client, path, shop, owing):
    sent = form_of(owner_client, path)
    del sent["confirmed"]
    assert "отметьте «Подтверждаю параметры платежа»" in said(owner_client.post(path, sent))
    assert "Выберите способ" in said(pay(owner_client, path, method="sbp_qr"))
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("collector", "sent"), [("portal", "209.39"), ("bank", "194.39")])
def test_figure_3_2_3_with_a_commission_of_either_kind(
    owner_client, path, books, owing, collector, sent
):
    paying_shop(
        commission_collector=collector,
        commission_percent=Decimal("1.5"),
        commission_min=Decimal(15),
        commission_max=Decimal(15000),
    )
    page = said(owner_client.get(path))
    for text in ("194,39 ₽", "15,00 ₽", "209,39 ₽", "1,5 % от суммы платежа"):
        assert text in page, text
    assert pay(owner_client, path).url.startswith(BANK)
    payment = only_payment()
    assert payment.amount == Decimal(sent) and payment.credited == Decimal("194.39")
    assert payment.commission == Decimal("15.00")


def test_the_commission_of_a_changed_sum_is_shown_before_it_is_taken(
    owner_client, path, books, owing
):
    """Without scripts the page does not count; the total that was seen is the old one."""
    paying_shop(commission_collector="portal", commission_percent=Decimal("1.5"))
    again = pay(owner_client, path, principal="1000", penalty="0")
    assert "итого к оплате 1 015,00 ₽" in said(again) and not Payment.objects.exists()
    answer = owner_client.post(path, fields_of(again.content.decode()))
    assert answer.url.startswith(BANK)
    assert only_payment().amount == Decimal("1015.00")


def test_a_changed_total_changes_nothing(owner_client, path, shop, owing):
    again = pay(owner_client, path, total_seen="1.00")
    assert "итого к оплате 194,39 ₽" in said(again) and not Payment.objects.exists()
    owner_client.post(path, fields_of(again.content.decode()))
    assert only_payment().amount == Decimal("194.39")


def test_who_is_exempt_pays_no_commission(owner_client, path, books, owing):
    paying_shop(commission_collector="portal", commission_min=Decimal(15))
    pay(owner_client, path, is_exempt="on", total_seen="194.39")
    payment = only_payment()
    assert (payment.amount, payment.is_exempt) == (Decimal("194.39"), True)


def test_ten_times_what_is_owed_is_asked_about(owner_client, path, shop, owing):
    typed = {"principal": "19439", "penalty": "0", "total_seen": "19439.00"}
    asked = pay(owner_client, path, **typed)
    assert "превышает сумму к оплате, 194,39 ₽" in said(asked)
    assert "Да, заплатить 19 439,00 ₽" in said(asked) and not Payment.objects.exists()
    other = pay(owner_client, path, **typed | {"principal": "29439"}, sure_large="19439.00")
    assert "Да, заплатить 29 439,00 ₽" in said(other) and not Payment.objects.exists()
    assert pay(owner_client, path, **typed, sure_large="19439.00").url.startswith(BANK)


def test_a_second_payment_asks_first(owner_client, path, shop, owing):
    pay(owner_client, path)
    page = owner_client.get(path)
    assert "194,39 ₽ обрабатывается" in said(page)
    sent = fields_of(page.content.decode())
    assert (sent["principal"], sent["penalty"]) == ("0,00", "0,00")
    typed = {"principal": "50", "penalty": "", "total_seen": "50.00"}
    asked = pay(owner_client, path, **typed)
    assert "уже обрабатывается платёж" in said(asked) and Payment.objects.count() == 1
    page = asked.content.decode()
    tick = page[page.index('name="sure_second"') :]
    sure = tick[tick.index('value="') + 7 :].partition('"')[0]
    assert pay(owner_client, path, **typed, sure_second=sure).url.startswith(BANK)
    assert Payment.objects.count() == 2


def test_the_same_form_is_one_payment(owner_client, path, shop, owing, books):
    sent = form_of(owner_client, path)
    answers = {owner_client.post(path, sent).url for _ in range(5)}
    assert len(answers) == 1 and Payment.objects.count() == 1 and len(books.calls) == 1


def test_back_from_the_bank_with_another_sum_asks_first(owner_client, path, shop, owing):
    sent = form_of(owner_client, path)
    owner_client.post(path, sent)
    asked = owner_client.post(path, sent | {"principal": "100", "total_seen": "100.07"})
    assert "194,39 ₽ обрабатывается" in said(asked) and Payment.objects.count() == 1


@pytest.mark.parametrize(
    "changed", [{"is_exempt": "on", "total_seen": "194.39"}, {"email": "other@mail.ru"}]
)
def test_back_from_the_bank_to_mend_the_rest_asks_first(owner_client, path, books, owing, changed):
    """The bank would take the commission, or write to the address, that the payer has just taken back."""
    paying_shop(commission_collector="portal", commission_min=Decimal(15))
    sent = form_of(owner_client, path) | {"wants_receipt": "on", "email": "typo@mail.ru"}
    assert owner_client.post(path, sent).url.startswith(BANK)
    asked = owner_client.post(path, sent | changed)
    assert "194,39 ₽ обрабатывается" in said(asked) and Payment.objects.count() == 1


def test_a_key_that_the_portal_derives_is_no_forms(owner_client, path, shop, owing):
    """Whoever knows account and day would use up the key of an autopay's next charge, or stand in for it."""
    derived = uuid.uuid5(uuid.NAMESPACE_URL, "autopay:pskov:805107:2026-12-10")
    answer = pay(owner_client, path, form_key=str(derived))
    assert "Страница устарела" in said(answer) and not Payment.objects.exists()


def test_back_from_a_canceled_payment_begins_another_one(owner_client, path, shop, owing):
    sent = form_of(owner_client, path)
    owner_client.post(path, sent)
    Payment.objects.update(state="canceled")
    assert len({owner_client.post(path, sent).url for _ in range(3)}) == 1
    assert Payment.objects.count() == 2


def test_a_balance_that_billing_has_replaced_is_said_and_asked_again(
    owner_client, path, shop, owing
):
    sent = form_of(owner_client, path)
    make_charge(owing, datetime.date(2024, 5, 1), opening="194.32", accrued="100.00")
    again = owner_client.post(path, sent)
    assert "компания обновила расчёт. Теперь это 294,39 ₽" in said(again)
    assert not Payment.objects.exists()
    new = fields_of(again.content.decode())
    assert new["principal"] == "294,32" and "confirmed" not in new
    owner_client.post(path, new | {"confirmed": "on"})
    assert only_payment().amount == Decimal("294.39")


def test_a_sum_that_the_payer_has_typed_stays_whatever_billing_replaces(
    owner_client, path, shop, owing
):
    sent = form_of(owner_client, path) | {"principal": "150", "total_seen": "150.07"}
    make_charge(owing, datetime.date(2024, 5, 1), opening="194.32", accrued="100.00")
    assert owner_client.post(path, sent).url.startswith(BANK)
    assert only_payment().amount == Decimal("150.07")


def test_an_account_unlinked_meanwhile_is_not_paid_for(owner_client, path, shop, owing, link):
    sent = form_of(owner_client, path)
    link.delete()
    assert owner_client.post(path, sent).status_code == 404
    assert not Payment.objects.exists()


def test_a_stranger_finds_nothing(stranger, path, shop, owing):
    client = logged_in(stranger, PSKOV_HOST)
    assert client.get(path).status_code == client.post(path, {}).status_code == 404


def test_without_a_shop_the_page_says_so(owner_client, path, owing):
    page = owner_client.get(path)
    assert page.status_code == 200 and "Оплатить здесь пока нельзя" in said(page)
    assert owner_client.post(path, {"principal": "5"}).status_code == 200


def test_a_closed_account_can_pay_its_debt(owner_client, path, shop, owing):
    owing.closed_on = datetime.date(2024, 5, 1)
    owing.save()
    assert pay(owner_client, path).url.startswith(BANK)


def test_the_receipt(owner_client, path, books, owing):
    paying_shop(receipts="receipt")
    assert "Укажите адрес электронной почты" in said(pay(owner_client, path, email=""))
    pay(owner_client, path, email="Nina@Mail.ru")
    assert only_payment().email == "nina@mail.ru"


def test_a_receipt_that_was_not_asked_for_is_not_sent(owner_client, path, shop, owing):
    page = owner_client.get(path).content.decode()
    assert fields_of(page)["email"] == "owner@mail.ru"
    assert "Укажите адрес" in said(pay(owner_client, path, wants_receipt="on", email=""))
    pay(owner_client, path)
    assert not only_payment().email


def test_the_provider_may_be_led_to_from_this_page_alone(owner_client, path, shop, link):
    def targets(address: str) -> str:
        policy = owner_client.get(address)["Content-Security-Policy"]
        return next(one for one in policy.split("; ") if one.startswith("form-action"))

    assert "yoomoney.ru" in targets(path)
    assert "yoomoney.ru" not in targets(f"/cabinet/{link.pk}/")


def test_what_was_typed_before_the_session_ended_comes_back(guest, path, shop, owing, owner):
    login = {"email": owner.email, "password": PASSWORD, "next": path}
    guest.post("/cabinet/login/", login)
    sent = form_of(guest, path) | {"principal": "150,00", "total_seen": "150.07"}
    SubscriberSession.objects.update(expires_at=timezone.now())
    guest.post(path, sent)
    kept = fields_of(guest.post("/cabinet/login/", login, follow=True).content.decode())
    assert (kept["principal"], kept["total_seen"]) == ("150,00", "150.07")
    assert "confirmed" not in kept and not Payment.objects.exists()


def test_too_many_payments_meet_the_captcha_here_too(owner_client, path, shop, owing, monkeypatch):
    monkeypatch.setattr(limits.account_payments, "item", RateLimitItemPerHour(1))
    sent = form_of(owner_client, path)
    for _ in range(3):
        owner_client.post(path, sent)  # one payment, counted once
    assert "робот" in said(owner_client.get(path))
