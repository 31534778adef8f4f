"""The bank's pages as a browser meets them, and the control door."""

import re

import pytest
import requests

from tests.devtools.sandbox.asking import payment_body
from tests.support.payment_sandbox import card

FORM = {"number": card("good"), "month": "12", "year": "30", "cvc": "123", "action": "pay"}
RETURN_URL = payment_body()["confirmation"]["return_url"]
SBP = {"payment_method_data": {"type": "sbp"}}


@pytest.fixture
def page_of(pskov_shop):
    return lambda **changes: pskov_shop.create(**changes)["confirmation"]["confirmation_url"]


def send(url: str, **form: str) -> str:
    answer = requests.post(url, data=form, timeout=20)
    assert answer.status_code == 200
    return answer.text


def test_the_card_form_pays_and_leads_back(payment_sandbox, page_of):
    url = page_of()
    form = requests.get(url, timeout=20).text
    assert "194,39\N{NO-BREAK SPACE}₽" in form
    for text in ("Номер карты", "Месяц", "Год", "CVC2/CVV2", "Отмена", "Оплатить", "МИР", "VISA"):
        assert text in form
    result = send(url, **FORM)
    assert "Оплата прошла успешно" in result
    assert f'href="{RETURN_URL}"' in result
    assert "Оплата прошла успешно" in send(url, **FORM)  # «Назад», and pressed again
    assert [one["status"] for one in payment_sandbox.payments()] == ["succeeded"]


def test_a_mistake_is_at_its_field_and_nothing_typed_is_lost(payment_sandbox, page_of):
    url = page_of()
    answer = send(url, **FORM | {"number": "1234", "year": "20"})
    assert "Проверьте номер карты" in answer
    assert "Срок действия карты истёк" in answer
    assert 'value="1234"' in answer
    assert payment_sandbox.payments()[0]["status"] == "pending"


def test_cancelling_leads_back_too(payment_sandbox, page_of):
    result = send(page_of(), action="cancel")
    assert "Оплата отменена" in result
    assert RETURN_URL in result
    assert payment_sandbox.payments()[0]["status"] == "canceled"


@pytest.mark.parametrize("name", ["page_drop", "page_hang"])
def test_the_money_is_taken_though_the_page_is_lost(payment_sandbox, page_of, name):
    url = page_of()
    if name == "page_hang":
        payment_sandbox.release_hanging()
    with pytest.raises(requests.ConnectionError):
        send(url, **FORM | {"number": card(name)})
    assert payment_sandbox.payments()[0]["status"] == "succeeded"


def test_sbp_has_a_code_and_two_buttons(payment_sandbox, page_of, pskov_shop):
    url = page_of(**SBP)
    page = requests.get(url, timeout=20).text
    assert "<svg" in page
    assert "Отказаться" in page
    assert "Оплата прошла успешно" in send(url, action="pay")
    code = pskov_shop.create(**SBP | {"confirmation": {"type": "qr"}})
    assert code["confirmation"]["type"] == "qr"
    assert "Оплата отменена" in send(code["confirmation"]["confirmation_data"], action="cancel")
    assert [one["status"] for one in payment_sandbox.payments()] == ["succeeded", "canceled"]


def test_a_method_is_saved_without_a_payment(payment_sandbox, pskov_shop):
    body = {
        "type": "bank_card",
        "confirmation": {"type": "redirect", "return_url": RETURN_URL},
    }
    created = pskov_shop.post("/payment_methods", body).json()
    assert (created["status"], created["saved"]) == ("pending", False)
    assert "Карта привязана" in send(created["confirmation"]["confirmation_url"], **FORM)
    saved = pskov_shop.get(f"/payment_methods/{created['id']}").json()
    assert (saved["status"], saved["saved"]) == ("active", True)
    assert [one["event"] for one in payment_sandbox.notifications()] == ["payment_method.active"]


def test_the_control_door_makes_things_happen(payment_sandbox, pskov_shop):
    door = f"{payment_sandbox.sandbox.pages_url}/"
    waiting, refused = pskov_shop.create(), pskov_shop.create()
    for path, form in (
        ("switch", {"waits": "True", "refunds": "pending"}),
        ("pay", {"id": waiting["id"]}),
        ("cancel", {"id": refused["id"], "reason": "fraud_suspected"}),
        ("fault", {"name": "too_many", "operation": "me", "times": "1"}),
    ):
        send(f"{door}control/{path}", **form)
    page = requests.get(door, timeout=20).text
    assert "pending, оплачен" in page
    assert "canceled fraud_suspected" in page
    assert "429: слишком много запросов; проверка магазина" in page
    assert pskov_shop.get("/me").status_code == 429
    send(f"{door}control/release", id=waiting["id"])
    assert payment_sandbox.payment(waiting["id"])["status"] == "succeeded"
    assert requests.post(f"{door}control/open", timeout=20).status_code == 404
    secret = payment_sandbox.shop("pskov").secret_key
    assert not re.search(re.escape(secret), page)
