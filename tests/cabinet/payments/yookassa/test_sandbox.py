"""The real gateway and the stand-in of YooKassa, over TLS."""

import dataclasses
import datetime
import uuid
from decimal import Decimal

import pytest

from cabinet.payments.base import (
    CredentialsRefused,
    GatewayRefused,
    GatewayUnavailable,
    NotThere,
    OutcomeUnknown,
)
from cabinet.payments.contrib.yookassa import client
from cabinet.payments.contrib.yookassa.gateway import YooKassa
from tests.support.payment_orders import payment_order
from tests.support.payment_sandbox import card
from tests.support.threads import in_threads


@pytest.fixture
def gateway(payment_sandbox) -> YooKassa:
    return gateway_of(payment_sandbox, "pskov")


def gateway_of(payment_sandbox, company: str) -> YooKassa:
    keys = payment_sandbox.shop(company)
    return YooKassa(shop_id=keys.shop_id, secret_key=keys.secret_key)


def created(gateway: YooKassa, **values):
    order = payment_order(payment_id=str(uuid.uuid4()), **values)
    body = gateway.payment_body(order)
    return body, gateway.payment_create(body, str(uuid.uuid4()))


@pytest.mark.parametrize(
    "values",
    [
        {"email": "nina@example.ru", "receipts": "receipt"},
        {"email": "nina@example.ru", "receipts": "statement", "method": "sbp"},
        {"gku_id": "80КХ478547-01"},
        {"unified_account_number": "", "payer_address": "очень длинный адрес " * 20},
    ],
)
def test_a_payment_is_made_paid_and_given_back_in_parts(payment_sandbox, gateway, values):
    payment_sandbox.shop("pskov", fiscalization=values.get("receipts") == "receipt")
    body, made = created(gateway, **values)
    assert (made.status, made.amount, made.currency) == ("pending", Decimal("209.39"), "RUB")
    assert made.confirmation_url.startswith("http")
    assert made.metadata == body["metadata"]

    payment_sandbox.pay(made.id)

    paid = gateway.payment_get(made.id)
    assert (paid.status, paid.shop_id) == ("succeeded", gateway.shop_id)
    assert paid.paid_at
    assert Decimal(0) < paid.income < paid.amount
    for amount, parts in (
        (Decimal("9.39"), (Decimal("9.39"), Decimal(0), Decimal(0))),
        (Decimal("200.00"), (Decimal("184.93"), Decimal("0.07"), Decimal("15.00"))),
    ):
        refund = gateway.refund_create(
            gateway.refund_body(
                provider_id=made.id,
                refund_id=str(uuid.uuid4()),
                amount=amount,
                reason="Ошибся счётом",
                order=body,
                parts=parts,
            ),
            str(uuid.uuid4()),
        )
        assert gateway.refund_get(refund.id).amount == amount
    assert gateway.payment_get(made.id).refunded == Decimal("209.39")
    assert payment_sandbox.returned("pskov") == Decimal("209.39")


def test_a_code_is_given_to_be_shown(payment_sandbox, gateway):
    _, made = created(gateway, method="sbp_qr")

    assert made.confirmation_data.startswith("http")
    assert made.confirmation_url == ""


def test_a_saved_method_pays_without_its_payer(payment_sandbox, gateway):
    one = {"principal": Decimal("1.00"), "penalty": Decimal(0), "commission": Decimal(0)}
    _, made = created(gateway, amount=Decimal("1.00"), save_method=True, **one)
    payment_sandbox.pay(made.id)
    saved = gateway.payment_get(made.id)
    assert saved.method_is_saved
    assert saved.method_title

    _, later = created(gateway, method="saved", saved_method=saved.method_id)

    assert gateway.payment_get(later.id).status == "succeeded"


def test_the_reason_of_a_decline_comes_as_it_is(payment_sandbox, gateway):
    _, made = created(gateway)
    payment_sandbox.pay(made.id, card("a_reason_of_tomorrow"))

    declined = gateway.payment_get(made.id)

    assert (declined.status, declined.cancellation_reason) == ("canceled", "a_reason_of_tomorrow")


@pytest.mark.parametrize(
    ("fault", "error", "is_done"),
    [
        ("too_many", GatewayUnavailable, False),
        ("error_before", OutcomeUnknown, False),
        ("error_after", OutcomeUnknown, True),
        ("html_after", OutcomeUnknown, True),
        ("drop_before", OutcomeUnknown, False),
        ("drop_after", OutcomeUnknown, True),
        ("hang_after", OutcomeUnknown, True),
    ],
)
def test_the_same_key_asks_again_and_makes_it_once(
    payment_sandbox, gateway, monkeypatch, fault, error, is_done
):
    monkeypatch.setattr(client, "_TIMEOUT", (5, 1))
    payment_sandbox.scenario(fault, operation="create")
    body = gateway.payment_body(payment_order())
    with pytest.raises(error):
        gateway.payment_create(body, "key-1")
    payment_sandbox.release_hanging()
    assert len(payment_sandbox.requests("create")) == 1
    assert len(payment_sandbox.payments("pskov")) == is_done

    again = gateway.payment_create(body, "key-1")

    assert [one["id"] for one in payment_sandbox.payments("pskov")] == [again.id]


def test_a_key_with_another_body_is_refused(gateway):
    gateway.payment_create(gateway.payment_body(payment_order()), "key-1")
    other = gateway.payment_body(dataclasses.replace(payment_order(), account_number="805112"))

    with pytest.raises(GatewayRefused):
        gateway.payment_create(other | {"description": "Другое"}, "key-1")


def test_a_list_has_the_shops_own_payments_alone(payment_sandbox, gateway):
    other = gateway_of(payment_sandbox, "novgorod")
    begin = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
    ours = {created(gateway)[1].id for _ in range(3)}
    created(other)
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)

    assert {one.id for one in gateway.payments_between(begin, end)} == ours
    assert list(gateway.payments_between(begin - datetime.timedelta(hours=1), begin)) == []
    with pytest.raises(NotThere):
        other.payment_get(next(iter(ours)))


def test_two_shops_under_threads_keep_their_own(payment_sandbox):
    shops = {name: gateway_of(payment_sandbox, name) for name in ("pskov", "novgorod")}

    def work(name: str) -> None:
        for _ in range(5):
            _, made = created(shops[name], company=name)
            assert made.shop_id == shops[name].shop_id
            assert shops[name].payment_get(made.id).metadata["company"] == name

    assert in_threads(*[lambda name=name: work(name) for name in ("pskov", "novgorod") * 4]) == []

    for name in shops:
        made = payment_sandbox.payments(name)
        assert len(made) == 20
        assert {one["metadata"]["company"] for one in made} == {name}


def test_who_the_shop_is(payment_sandbox, gateway):
    payment_sandbox.shop("pskov", fiscalization=True)

    facts = gateway.shop_facts()

    assert (facts.shop_id, facts.is_test, facts.is_enabled) == (gateway.shop_id, True, True)
    assert (facts.methods, facts.has_till) == (["bank_card", "sbp"], True)
    with pytest.raises(CredentialsRefused):
        YooKassa(shop_id=gateway.shop_id, secret_key="another-key").shop_facts()
