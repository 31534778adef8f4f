"""A person's payments: in the copy of their data, and without them after they are gone."""

import datetime
import uuid

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.models import Payment, RefundRequest
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.personal_data.parts import PARTS, account_unlinked, parts, what_stays
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_account
from tests.support.payments import make_paid, make_payment

BODY = '{"payment_order": {"payment_purpose": "Оплата ЖКУ; Осипова Елена Григорьевна"}}'


def of(person: Subscriber, link: AccountLink) -> dict:
    return {
        "subscriber_id": person.pk,
        "link_id": link.pk,
        "email": "owner@mail.ru",
        "body": BODY,
        "provider_state": {"payment_method": {"card": {"last4": "4444"}}},
    }


@pytest.fixture
def paid(account: PersonalAccount, owner: Subscriber, link: AccountLink) -> Payment:
    at = datetime.datetime(2026, 11, 3, 9, 30, tzinfo=datetime.UTC)
    payment = make_paid(account, "194.32", "0.07", at, **of(owner, link))
    RefundRequest.objects.create(
        payment=payment, subscriber_id=owner.pk, text="Заплатила за квартиру мамы", answer="Вернём"
    )
    return payment


def test_the_copy_says_what_was_paid(
    paid: Payment, owner: Subscriber, stranger: Subscriber
) -> None:
    (row,) = PARTS["payments"].export(owner.pk)
    assert (row["number"], row["account_number"]) == (str(paid.payment_id), "805107")
    assert (row["principal"], row["penalty"], row["state"]) == ("194.32", "0.07", "оплачен")
    assert row["email"] == "owner@mail.ru" and row["paid_at"].startswith("03.11.2026")
    (request,) = PARTS["refund_requests"].export(owner.pk)
    assert request["text"] == "Заплатила за квартиру мамы"
    assert PARTS["payments"].export(stranger.pk) == []


def test_money_stays_without_the_person(
    paid: Payment,
    owner: Subscriber,
    stranger: Subscriber,
    link: AccountLink,
    account: PersonalAccount,
    novgorod: GasCompany,
) -> None:
    """What is open can still be asked for; another person's and another company's are not touched."""
    still_open = make_payment(account, "unknown", **of(owner, link))
    others = make_payment(account, "pending", **of(stranger, link))
    with in_company(novgorod):
        there = make_paid(make_account("510080"), "5.00", **of(owner, link))
    for _ in range(2):
        for part in parts(in_public=False):
            part.delete(owner.pk)
    paid.refresh_from_db()
    assert (paid.subscriber_id, paid.link_id, paid.email) == (None, None, None)
    assert (paid.body, paid.provider_state) == (None, {})
    assert paid.entries.get().principal == paid.principal
    still_open.refresh_from_db()
    assert (still_open.subscriber_id, still_open.email, still_open.body) == (None, None, BODY)
    request = RefundRequest.objects.get()
    assert (request.subscriber_id, request.text, request.answer) == (None, None, "")
    others.refresh_from_db()
    assert (others.subscriber_id, others.email) == (stranger.pk, "owner@mail.ru")
    with in_company(novgorod):
        there.refresh_from_db()
        assert there.subscriber_id == owner.pk
    assert any("денежные документы" in said for said in what_stays())


def test_an_account_that_is_given_up_leaves_its_payments(
    paid: Payment, owner: Subscriber, link: AccountLink
) -> None:
    account_unlinked(link)
    paid.refresh_from_db()
    assert paid.subscriber_id == owner.pk and isinstance(paid.payment_id, uuid.UUID)
