"""What the payer hears of a payment's end and of refunds."""

import pytest

from cabinet.notifications.models import Notification
from cabinet.payments.result.notices import payment_notices, refund_notices
from portal.messaging.models import Message
from tests.support.payments import make_payment, make_refund


@pytest.fixture
def of_owner(owner, link):
    return {"subscriber_id": owner.pk, "link_id": link.pk}


def letters() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("created_at").values_list("kind", "recipient"))


def test_the_payer_hears_of_a_success(account, link, of_owner, owner_client):
    payment = make_payment(account, email="son@mail.ru", **of_owner)
    payment_notices(payment)
    bell = Notification.objects.get()
    assert bell.title.replace("\xa0", " ") == "Оплачено 194,39 ₽" and str(payment.pk) in bell.text
    assert owner_client.get(bell.path).status_code == 200
    letter = Message.objects.get()
    assert (letter.kind, letter.recipient) == ("payment_succeeded", "owner@mail.ru")
    text = letter.text.replace("\xa0", " ")
    assert "194,39 ₽" in text and "805107" in text and f"номер платежа {payment.pk}" in text
    assert bell.path in text and payment.return_key not in text


@pytest.mark.parametrize("state", ["canceled", "failed"])
def test_of_no_success_the_bell_tells(account, of_owner, state):
    payment_notices(make_payment(account, state, cancellation_reason="card_expired", **of_owner))
    assert "Деньги не списаны" in Notification.objects.get().text and letters() == []


@pytest.mark.parametrize("state", ["created", "pending", "unknown"])
def test_of_what_is_open_nobody_hears(account, of_owner, state):
    payment_notices(make_payment(account, state, **of_owner))
    assert not Notification.objects.exists() and letters() == []


def test_a_guest_gets_a_letter_with_a_masked_number(account, guest):
    payment = make_payment(account, channel="guest", email="son@mail.ru")
    payment_notices(payment)
    refund_notices(make_refund(payment, principal="4.39"))
    assert letters() == [("payment_succeeded", "son@mail.ru"), ("payment_refunded", "son@mail.ru")]
    for message in Message.objects.all():
        assert "805107" not in message.text + message.html + message.subject
        assert f"/payments/{payment.return_key}/" in message.text
    assert not Notification.objects.exists()
    payment_notices(make_payment(account, channel="guest"))
    payment_notices(make_payment(account, "canceled", channel="guest", email="son@mail.ru"))
    assert len(letters()) == 2


def test_who_has_no_account_any_more_hears_nothing(account, link, of_owner):
    payment = make_payment(account, email="owner@mail.ru", **of_owner)
    link.delete()
    payment_notices(payment)
    payment_notices(make_payment(account, email="owner@mail.ru"))
    assert not Notification.objects.exists() and letters() == []


def test_a_refund_is_told_with_its_part(account, of_owner):
    payment = make_payment(account, **of_owner)
    refund_notices(make_refund(payment, principal="100.00"))
    text = Message.objects.get().text.replace("\xa0", " ")
    assert f"часть платежа № {payment.pk} на 194,39 ₽: 100,00 ₽" in text


def test_the_1_rouble_that_saves_a_card_needs_no_letter(account, of_owner):
    payment_notices(make_payment(account, purpose="saving", principal="1.00", **of_owner))
    assert Notification.objects.count() == 1 and letters() == []
    payment_notices(make_payment(account, channel="autopay", method="saved", **of_owner))
    assert Notification.objects.count() == 1
