"""Refunds on the desk, four eyes, and «Ошибся счётом»."""

from decimal import Decimal

import pytest

from cabinet.notifications.models import Notification
from cabinet.payments.base import OutcomeUnknown
from cabinet.payments.models import (
    Refund,
    RefundRequest,
)
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.staff import roles
from tests.support.factories import (
    PSKOV_HOST,
    logged_in,
    make_link,
    text_of,
)
from tests.support.payment_desk import DESK, refund, staff
from tests.support.provider import paid, shop_open


def test_a_refund_in_the_browser(payment, anna, books, owner, pskov):
    make_link(owner, pskov, payment.account)
    page = text_of(refund(anna, payment))
    assert "Возвращено 100,00 ₽" in page and "94,39" in page
    assert books.given_back() == Decimal("100.00")
    assert AuditEntry.objects.get(action="refund.start").actor_name == "anna"
    page = text_of(refund(anna, payment, "94,33"))
    assert "Можно вернуть не больше 94,32" in page and 'value="94,33"' in page
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("typed", ["1e5", "-1", "0.001", "NaN", "", "сто"])
def test_sums_that_are_none(payment, anna, books, typed):
    refund(anna, payment, typed)
    assert not Refund.objects.exists() and not books.calls


def test_four_eyes_in_the_browser(payment, anna, books):
    shop_open(refund_limit=Decimal(50))
    assert "ждёт подтверждения другого кассира" in text_of(refund(anna, payment))
    waiting = Refund.objects.get()
    assert not books.calls
    page = text_of(anna.get(f"{DESK}{payment.pk}/"))
    assert "Подтвердит другой кассир" in page and f"refunds/{waiting.pk}/approve/" not in page
    refused = anna.post(f"{DESK}refunds/{waiting.pk}/approve/", {"answer": "yes"}, follow=True)
    assert "вы его оформили" in text_of(refused)
    boris = staff("boris", roles.CASHIERS)
    assert f"refunds/{waiting.pk}/approve/" in text_of(boris.get(f"{DESK}refunds/?state=waiting"))
    for asked in (boris.get, boris.post):  # a question, and not yet its answer
        page = text_of(asked(f"{DESK}refunds/{waiting.pk}/approve/"))
        assert "Возврат оформил anna" in page and not books.calls
    done = boris.post(f"{DESK}refunds/{waiting.pk}/approve/", {"answer": "yes"}, follow=True)
    assert "Возвращено 100,00 ₽" in text_of(done) and len(books.calls) == 1
    assert "уже не ждёт" in text_of(
        boris.post(f"{DESK}refunds/{waiting.pk}/decline/", {"answer": "yes"}, follow=True)
    )


def test_an_unknown_outcome_is_never_called_failed(payment, anna, books):
    def lost():
        raise OutcomeUnknown("timeout")

    books.after = lost
    page = text_of(refund(anna, payment))
    assert "Исход станет известен позже" in page and "не принял" not in page
    books.after = lambda: None
    one = Refund.objects.get()
    assert "Возвращено" in text_of(anna.post(f"{DESK}refunds/{one.pk}/sync/", follow=True))
    assert len(books.refunds) == 1


def test_a_mistake_is_asked_about_and_answered(payment, anna, owner, link, stranger, pskov):
    client = logged_in(owner, PSKOV_HOST)
    path = f"/cabinet/{link.pk}/payment/{payment.pk}/mistake/"
    assert "Напишите, в чём ошибка" in text_of(client.post(path, {"text": " "}))
    sent = client.post(path, {"text": "Это счёт соседа"}, follow=True)
    assert "ответим в личном кабинете" in text_of(sent)
    client.post(path, {"text": "Ещё раз"})
    asked = RefundRequest.objects.get()
    page = text_of(anna.get(f"{DESK}requests/"))
    assert "Это счёт соседа" in page
    one = f"{DESK}requests/{asked.pk}/"
    assert "Выберите решение" in text_of(anna.post(one, {"answer": "Вернули"}))
    anna.post(one, {"answer": "Деньги вернули.", "outcome": "done"})
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("done", "anna")
    assert "Деньги вернули." in text_of(client.get(path))
    assert Notification.objects.get().kind == "refund_request_answered"
    assert Message.objects.get(kind="refund_request_answered").recipient == "owner@mail.ru"
    late = anna.post(one, {"answer": "Ещё раз", "outcome": "refused"}, follow=True)
    assert "уже ответил" in text_of(late)


def test_only_who_has_paid_asks(payment, link, stranger, pskov, owner):
    theirs = make_link(stranger, pskov, payment.account)
    neighbour = logged_in(stranger, PSKOV_HOST)
    path = "/cabinet/{}/payment/{}/mistake/"
    assert neighbour.get(path.format(theirs.pk, payment.pk)).status_code == 404
    assert neighbour.get(path.format(link.pk, payment.pk)).status_code == 404
    pending = paid(payment.account, state="pending", subscriber_id=owner.pk)
    assert logged_in(owner, PSKOV_HOST).get(path.format(link.pk, pending.pk)).status_code == 404
    assert not RefundRequest.objects.exists()
