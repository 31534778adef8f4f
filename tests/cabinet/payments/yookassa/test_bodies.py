"""What a request of a payment or refund says: valid, or refused before it is sent."""

import dataclasses
import datetime
import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.payments.base import RequestInvalid, frozen_text
from cabinet.payments.contrib.yookassa.bodies import payment_body, refund_body
from tests.support.payment_orders import RECIPIENT, payment_order
from tests.support.yookassa_api import PAYMENT_ID

PURPOSE = (
    "Оплата ЖКУ;ЕЛС 80КХ478547;ПРД 10.2026;Ким Нина Егоровна;г. Псков, ул. Ленина, д. 1, кв. 5"
)


def plain(amount: str, **values):
    sum_ = Decimal(amount)
    parts = {"principal": sum_, "penalty": Decimal(0), "commission": Decimal(0)}
    return payment_order(amount=sum_, **parts | values)


def test_a_payment_by_card_says_everything():
    body = payment_body(payment_order(email="nina@example.ru", receipts="statement"))

    assert body["amount"] == {"value": "209.39", "currency": "RUB"}
    assert body["capture"] is True
    assert body["payment_method_data"] == {"type": "bank_card"}
    assert body["confirmation"]["type"] == "redirect"
    assert set(body["metadata"]) == {"payment_id", "company", "cms_name"}
    assert body["statements"][0]["delivery_method"] == {"type": "email", "email": "nina@example.ru"}
    order = body["payment_order"]
    assert order["type"] == "utilities"
    assert order["amount"] == body["amount"]
    assert order["payment_purpose"] == PURPOSE
    assert order["payment_period"] == {"month": 10, "year": 2026}
    assert order["unified_account_number"] == "80КХ478547"
    assert order["recipient"]["bank"]["bic"] == RECIPIENT.bic


def test_what_the_sdk_adds_is_frozen_too():
    body = payment_body(payment_order())

    assert (body["transfers"], body["statements"]) == ([], [])
    assert body["metadata"]["cms_name"]
    assert frozen_text(json.loads(frozen_text(body))) == frozen_text(body)


def test_a_receipt_has_a_line_for_each_part():
    body = payment_body(payment_order(receipts="receipt", email="nina@example.ru", vat_code=11))

    lines = body["receipt"]["items"]
    assert [(line["description"], line["amount"]["value"]) for line in lines] == [
        ("Газоснабжение", "194.32"),
        ("Пени", "0.07"),
        ("Комиссия за приём платежа", "15.00"),
    ]
    assert {line["vat_code"] for line in lines} == {11}
    assert body["statements"] == []


@pytest.mark.parametrize(
    ("values", "method", "confirmation"),
    [
        ({"method": "sbp"}, {"type": "sbp"}, "redirect"),
        ({"method": "sbp_qr"}, {"type": "sbp"}, "qr"),
        ({"method": "saved", "saved_method": PAYMENT_ID}, None, None),
    ],
)
def test_each_method_has_its_form(values, method, confirmation):
    body = payment_body(payment_order(**values))

    assert body.get("payment_method_data") == method
    assert body.get("confirmation", {}).get("type") == confirmation
    assert body.get("payment_method_id") == values.get("saved_method")
    assert body["payment_order"]["type"] == "utilities"


def test_saving_a_method_says_so():
    body = payment_body(plain("1.00", save_method=True))

    assert body["save_payment_method"] is True


@pytest.mark.parametrize(
    ("numbers", "sent", "said"),
    [
        (("80кх478547", "80кх478547-01"), {"service_id": "80КХ478547-01"}, "ЕЛС 80КХ478547"),
        (("80KX478547", ""), {"unified_account_number": "80KX478547"}, "ЕЛС 80KX478547"),
        (("", ""), {"account_number": "805107"}, "ЛС 805107"),
        (("123", "456"), {"account_number": "805107"}, "ЛС 805107"),
    ],
)
def test_one_number_names_the_account(numbers, sent, said):
    unified, gku = numbers
    order = payment_body(payment_order(unified_account_number=unified, gku_id=gku))["payment_order"]

    names = {"service_id", "unified_account_number", "account_number"}
    assert {name: order[name] for name in names & set(order)} == sent
    assert order["payment_purpose"].split(";")[1] == said


@pytest.mark.parametrize(
    "values",
    [
        {"amount": Decimal("10.005"), "principal": Decimal("10.005")},  # the SDK sends 10.01
        {"amount": Decimal("NaN"), "principal": Decimal("NaN")},
        {"amount": Decimal("Infinity"), "principal": Decimal("Infinity")},
        {"amount": Decimal("1E+40"), "principal": Decimal("1E+40")},
        {"amount": Decimal("0.99"), "principal": Decimal("0.99")},
        {"amount": Decimal("350000.01"), "principal": Decimal("350000.01")},
        {"amount": Decimal("700000.01"), "principal": Decimal("700000.01"), "method": "sbp"},
        {"amount": Decimal("10"), "principal": Decimal("11"), "penalty": Decimal("-1")},
        {"amount": Decimal("10"), "principal": Decimal("9.99")},
        {"account_number": " \u200b "},
        {"account_number": "9" * 31},
        {"recipient": dataclasses.replace(RECIPIENT, inn="602700000123")},
        {"recipient": dataclasses.replace(RECIPIENT, kpp="6027AA001")},
        {"recipient": dataclasses.replace(RECIPIENT, account="4070281095100000000")},
        {"recipient": dataclasses.replace(RECIPIENT, name="я" * 161)},
        {"recipient": dataclasses.replace(RECIPIENT, bank_name="я" * 46)},
        {"receipts": "receipt"},  # nobody to send it to
        {"receipts": "receipt", "email": "a@b.ru", "vat_code": 13},
        {"receipts": "receipt", "email": "a@b.ru", "service_name": "я" * 129},
        {"email": "nobody"},
        {"method": "saved"},
        {"saved_method": PAYMENT_ID},
        {"method": "saved", "saved_method": PAYMENT_ID, "save_method": True},
        {"return_url": "javascript:alert(1)"},
        {"return_url": "https://x/" + "y" * 2048},
    ],
)
def test_what_cannot_be_right_is_refused_before_it_is_sent(values):
    zero = {"penalty": Decimal(0), "commission": Decimal(0)} if "amount" in values else {}

    with pytest.raises(RequestInvalid):
        payment_body(payment_order(**zero | values))


def test_the_most_of_sbp_is_more_than_of_a_card():
    body = payment_body(plain("700000.00", method="sbp"))

    assert body["amount"]["value"] == "700000.00"


TEXT = st.text(max_size=400)
MONEY = st.one_of(
    st.decimals(min_value="-1", max_value="800000", places=3),
    st.sampled_from([Decimal("NaN"), Decimal("-Infinity"), Decimal("1E+30"), Decimal("1E-9")]),
)
KOPECKS = st.integers(0, 80_000_000).map(lambda kopecks: Decimal(kopecks) / 100)
SUMS = st.tuples(KOPECKS, KOPECKS, KOPECKS).map(lambda parts: (sum(parts), *parts))
ANY_SUMS = st.one_of(SUMS, st.tuples(MONEY, MONEY, MONEY, MONEY))


@given(
    sums=ANY_SUMS,
    method=st.sampled_from(["card", "sbp", "sbp_qr", "saved"]),
    account=st.one_of(st.text(max_size=40), st.from_regex(r"[0-9]{6}", fullmatch=True)),
    numbers=st.tuples(st.text(max_size=14), st.text(max_size=14)),
    name=TEXT,
    address=TEXT,
    service=st.text(max_size=200),
    email=st.sampled_from(["", "nina@example.ru", "@", "a b@c.ru", "я" * 300 + "@example.ru"]),
    receipts=st.sampled_from(["none", "statement", "receipt"]),
    period=st.dates(datetime.date(2020, 1, 1), datetime.date(2049, 12, 31)),
)
def test_a_body_is_valid_or_refused(
    sums, method, account, numbers, name, address, service, email, receipts, period
):
    amount, principal, penalty, commission = sums
    order = payment_order(
        amount=amount,
        principal=principal,
        penalty=penalty,
        commission=commission,
        method=method,
        saved_method=PAYMENT_ID if method == "saved" else "",
        account_number=account,
        unified_account_number=numbers[0],
        gku_id=numbers[1],
        payer_name=name,
        payer_address=address,
        service_name=service,
        email=email,
        receipts=receipts,
        period=period,
    )
    try:
        body = payment_body(order)
    except RequestInvalid:
        return

    assert Decimal(body["amount"]["value"]) == amount == principal + penalty + commission
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}", body["amount"]["value"])
    assert body["payment_order"]["amount"] == body["amount"]
    assert 1 <= len(body["description"]) <= 128
    assert len(body["metadata"]) <= 16
    purpose = body["payment_order"]["payment_purpose"]
    assert len(purpose) <= 210
    assert purpose.isprintable()
    number, month = purpose.split(";")[1:3]
    given_ = {"unified_account_number", "service_id", "account_number"} & set(body["payment_order"])
    assert len(given_) == 1
    sent = body["payment_order"][given_.pop()]
    assert number.removeprefix("ЕЛС ").removeprefix("ЛС ") in sent.replace(";", ",")
    assert month == f"ПРД {period:%m.%Y}"
    if "receipt" in body:
        lines = body["receipt"]["items"]
        assert sum(Decimal(line["amount"]["value"]) for line in lines) == amount
        assert all(1 <= len(line["description"]) <= 128 for line in lines)
    assert frozen_text(json.loads(frozen_text(body))) == frozen_text(body)


@given(words=st.lists(st.text("абв", min_size=1, max_size=60), max_size=30))
def test_a_long_address_ends_at_a_word(words):
    order = payment_order(payer_address=" ".join(words))
    purpose = payment_body(order)["payment_order"]["payment_purpose"]

    kept = ";".join(purpose.split(";")[4:]).split()
    assert kept == words[: len(kept)]
    next_ = words[len(kept) : len(kept) + 1]
    assert not next_ or len(purpose) + 1 + len(next_[0]) > 210


# --- refunds -----------------------------------------------------------------------------------------
@given(
    paid=st.tuples(KOPECKS, KOPECKS, KOPECKS).filter(lambda parts: 1 <= sum(parts) <= 350_000),
    share=st.integers(0, 100),
    in_parts=st.booleans(),
)
def test_the_lines_of_a_refund_are_what_is_given_back(paid, share, in_parts):
    order = payment_body(
        payment_order(
            amount=sum(paid),
            principal=paid[0],
            penalty=paid[1],
            commission=paid[2],
            receipts="receipt",
            email="nina@example.ru",
        )
    )
    back = tuple(Decimal(int(part * share)) / 100 for part in paid)
    if not sum(back):
        return

    body = refund_body(
        provider_id=PAYMENT_ID,
        refund_id="r",
        amount=sum(back),
        reason="Ошибся счётом",
        order=order,
        parts=back if in_parts else None,
    )

    lines = body["receipt"]["items"]
    assert sum(Decimal(line["amount"]["value"]) for line in lines) == sum(back)
    assert Decimal(body["amount"]["value"]) == sum(back)
    if in_parts:
        of = {"Газоснабжение": back[0], "Пени": back[1], "Комиссия за приём платежа": back[2]}
        found = {line["description"]: Decimal(line["amount"]["value"]) for line in lines}
        assert found == {name: part for name, part in of.items() if part}


@pytest.mark.parametrize(
    "values",
    [
        {"amount": Decimal("0")},
        {"amount": Decimal("10.005")},
        {"amount": Decimal("NaN")},
        {"parts": (Decimal("9.00"), Decimal("0"), Decimal("0"))},
        {"parts": (Decimal("0"), Decimal("10.00"), Decimal("0"))},
        {"amount": Decimal("500.00")},  # more than the receipt had
        {"reason": "\u200b"},
        {"reason": "я" * 251},
        {"provider_id": "1"},
    ],
)
def test_a_refund_that_cannot_be_right_is_refused(values):
    order = payment_body(payment_order(receipts="receipt", email="nina@example.ru"))
    good = {
        "provider_id": PAYMENT_ID,
        "refund_id": "r",
        "amount": Decimal("10.00"),
        "reason": "Ошибка",
        "order": order,
        "parts": None,
    }

    with pytest.raises(RequestInvalid):
        refund_body(**good | values)
