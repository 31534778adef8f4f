"""«Автоплатёж» in the cabinet: connected in two steps, changed, switched off by one button."""

import re
import uuid
from decimal import Decimal

import pytest

from cabinet.payments.autopay.planning import autopays_plan
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import AutoPayment, LedgerEntry, Payment, Shop
from cabinet.subscribers.models import Consent
from portal.messaging.models import Message
from tests.support.autopay import billed, connect, connected, make_autopay
from tests.support.factories import logged_in, make_account, make_link, text_of
from tests.support.payment_sandbox import card

HOST = "pskov.gas.localhost"


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/payment/autopay/"


def form(**changes):
    return {
        "limit": "1 500,50",
        "day": "10",
        "email": "owner@mail.ru",
        "agreed": "on",
        "key": str(uuid.uuid4()),
        **changes,
    }


def test_from_the_first_step_to_the_last(
    shop, payment_sandbox, owner_client, path, link, account, clock
):
    clock.at("2026-12-15T12:00")
    billed(account, "2026-11", "194.39")
    assert "Проверьте номер подключаемого лицевого счёта" in text_of(owner_client.get(path))
    page = text_of(owner_client.get(f"{path}connect/"))
    page = re.sub("<[^>]+>", "", page)
    assert "Сумма к оплате: 1,00 ₽" in page and "больше всего было к оплате 194,39 ₽" in page
    answer = owner_client.post(f"{path}connect/", form())
    assert answer.status_code == 302 and answer["Location"].startswith("http://127.0.0.1")
    payment = Payment.objects.get()
    assert (payment.purpose, payment.principal, payment.penalty) == ("saving", 1, 0)

    assert "Перейти к оплате" in text_of(owner_client.get(path))
    payment_sandbox.pay(payment.provider_id, card("good"))
    payment_sync(payment.pk)
    autopay = AutoPayment.objects.get()
    assert (autopay.state, autopay.limit, autopay.day) == ("on", Decimal("1500.50"), 10)
    assert LedgerEntry.objects.get().principal == 1
    page = text_of(owner_client.get(path))
    assert "Статус услуги: Включена" in page.replace("<strong>", "").replace("</strong>", "")
    assert "10 января 2027 г." in page and "карта *" in page
    letter = Message.objects.get(kind="autopay_state")
    assert "Первый автоплатёж — 10 января" in letter.text.replace("\xa0", " ")
    consent = Consent.objects.get(text__kind="autopay")
    assert (
        consent.withdrawn_at is None
        and "Отключить автоплатёж можно" in consent.text.text.replace("&nbsp;", " ")
    )
    owner_client.post(f"{path}off/")
    autopay.refresh_from_db()
    assert (autopay.state, autopay.method_id, autopay.email) == ("off", None, None)
    consent.refresh_from_db()
    assert consent.withdrawn_at
    assert "Проверьте номер" in text_of(owner_client.get(path))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"limit": "1e5"}, "Введите сумму цифрами"),
        ({"limit": "-1"}, "без знака"),
        ({"limit": "NaN"}, "Введите сумму цифрами"),
        ({"limit": "0.001"}, "Введите сумму цифрами"),
        ({"limit": "0"}, "Укажите лимит от"),
        ({"limit": "999999999"}, "Укажите лимит от"),
        ({"day": "29"}, "Выберите день платежа из списка"),
        ({"day": ""}, "Выберите день платежа"),
        ({"email": ""}, "Укажите адрес электронной почты"),
        ({"agreed": ""}, "Отметьте, что подтверждаете"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(shop, owner_client, path, changes, said):
    page = text_of(owner_client.post(f"{path}connect/", form(**changes)))
    assert said in page and "Ошибка:" in page
    assert not AutoPayment.objects.exists() and not Payment.objects.exists()


def test_the_same_form_five_times_is_one_payment(shop, owner_client, path, payment_sandbox):
    data = form()
    answers = {owner_client.post(f"{path}connect/", data)["Location"] for _ in range(5)}
    assert len(answers) == 1 and len(payment_sandbox.payments("pskov")) == 1
    assert AutoPayment.objects.count() == Payment.objects.count() == 1
    assert Consent.objects.filter(text__kind="autopay").count() == 1


def test_a_payment_that_fails_connects_nothing(shop, owner_client, path, payment_sandbox):
    owner_client.post(f"{path}connect/", form())
    payment = Payment.objects.get()
    payment_sandbox.pay(payment.provider_id, card("insufficient_funds"))
    payment_sync(payment.pk)
    autopay = AutoPayment.objects.get()
    assert (autopay.state, autopay.off_reason) == ("off", "canceled")
    assert "не хватило денег" in Message.objects.get(kind="autopay_state").text
    assert owner_client.post(f"{path}connect/", form())["Location"].startswith("http://127")


def test_a_card_that_cannot_be_saved(shop, owner_client, path, payment_sandbox):
    owner_client.post(f"{path}connect/", form())
    payment = Payment.objects.get()
    payment_sandbox.pay(payment.provider_id, card("unsaved"))
    payment_sync(payment.pk)
    autopay = AutoPayment.objects.get()
    assert (autopay.state, autopay.off_reason, autopay.method_id) == ("off", "not_saved", None)
    assert LedgerEntry.objects.count() == 1  # the rouble is the account's all the same


def test_switched_off_at_the_bank(shop, owner_client, path, payment_sandbox):
    """What the bank has saved after «Не подключать» is not taken."""
    owner_client.post(f"{path}connect/", form())
    owner_client.post(f"{path}off/")
    payment = Payment.objects.get()
    payment_sandbox.pay(payment.provider_id, card("good"))
    payment_sync(payment.pk)
    autopay = AutoPayment.objects.get()
    assert (autopay.state, autopay.method_id) == ("off", None)
    payment.refresh_from_db()
    assert "id" not in payment.provider_state["payment_method"]


def test_another_holder_is_not_named(
    shop, owner, stranger, link, account, pskov, payment_sandbox, path
):
    connected(payment_sandbox, link, account, card("good"))
    theirs = make_link(stranger, pskov, account)
    client = logged_in(stranger, HOST)
    page = text_of(client.get(f"/cabinet/{theirs.pk}/payment/autopay/"))
    assert "подключил другой владелец" in page and "owner@mail.ru" not in page
    client.post(f"/cabinet/{theirs.pk}/payment/autopay/connect/", form())
    client.post(f"/cabinet/{theirs.pk}/payment/autopay/off/")
    assert AutoPayment.objects.get().state == "on"
    for step in ("", "connect/", "change/", "off/"):
        assert client.get(f"{path}{step}").status_code == 404


def test_a_change(shop, owner_client, path, link, account, payment_sandbox, clock):
    clock.at("2026-12-15T12:00")
    autopay = connected(payment_sandbox, link, account, card("good"))
    assert 'value="1000,00"' in owner_client.get(f"{path}change/").content.decode()
    bad = owner_client.post(f"{path}change/", {"limit": "x", "day": "20", "email": "a@mail.ru"})
    assert 'value="x"' in bad.content.decode()
    owner_client.post(f"{path}change/", {"limit": "99", "day": "bill", "email": "a@mail.ru"})
    autopay.refresh_from_db()
    assert (autopay.limit, autopay.day, autopay.email) == (99, None, "a@mail.ru")
    assert autopay.next_due_on is None


def test_nothing_changes_by_looking(shop, owner_client, path, link, account, payment_sandbox):
    connected(payment_sandbox, link, account, card("good"))
    assert owner_client.get(f"{path}off/").status_code == 302
    assert AutoPayment.objects.get().state == "on"


def test_a_shop_that_is_off(shop, owner_client, path, link, account, payment_sandbox):
    shop.is_on = False
    shop.save()
    assert "Сейчас подключить автоплатёж нельзя" in text_of(owner_client.get(path))
    assert owner_client.get(f"{path}connect/").status_code == 302
    page = text_of(owner_client.post(f"{path}connect/", form()))
    assert "Попробуйте позже" in page


def test_the_sixth_attempt_meets_the_captcha(shop, owner_client, path):
    for _ in range(5):
        owner_client.post(f"{path}connect/", form())
        owner_client.post(f"{path}off/")
    page = owner_client.post(f"{path}connect/", form())
    assert page.status_code == 200 and "captcha" in page.content.decode()
    assert Payment.objects.count() == 5


def test_a_letter_names_no_saved_method(shop, link, account, payment_sandbox):
    autopay = connected(payment_sandbox, link, account, card("good"))
    assert autopay.method_id not in Message.objects.get(kind="autopay_state").text


def test_connect_again_after_off(shop, link, account, payment_sandbox, owner_client, path):
    connected(payment_sandbox, link, account, card("good"))
    owner_client.post(f"{path}off/")
    connect(link, account)
    states = AutoPayment.objects.order_by("created_at").values_list("state", flat=True)
    assert list(states) == ["off", "starting"]


def test_a_shop_that_was_switched_off_leaves_no_autopay_that_waits(
    shop, owner_client, path, link, account
):
    """It would stand in the way of this holder and of every other one."""
    sent = form()
    Shop.objects.update(is_on=False)
    assert "Сейчас подключить автоплатёж нельзя" in text_of(
        owner_client.post(f"{path}connect/", sent)
    )
    assert not AutoPayment.objects.exists() and not Payment.objects.exists()
    assert Consent.objects.latest("given_at").withdrawn_at
    Shop.objects.update(is_on=True)
    assert owner_client.post(f"{path}connect/", sent).status_code == 302
    assert AutoPayment.objects.get().state == "starting" and Payment.objects.get().provider_id


def test_a_connecting_whose_process_has_died_ends_in_a_day(shop, link, account, clock):
    clock.at("2026-12-01T12:00")
    other = make_account("805112")
    dead = make_autopay(link, account, state="starting", method_id=None)
    _, payment = connect(make_link(link.subscriber, link.company, other), other)
    for day, state in (("01", "starting"), ("02", "starting"), ("03", "off")):
        clock.at(f"2026-12-{day}T11:59")
        autopays_plan()
        dead.refresh_from_db()
        assert dead.state == state
    assert AutoPayment.objects.get(pk=payment.form_key).state == "starting"
