"""«Где мои деньги», and the page of one payment in the cabinet."""

import datetime

import pytest

from cabinet.billing.models import BillingPayment
from cabinet.outgoing.models import ExportRow, ExportState
from cabinet.payments.models import Payment, Transfer
from cabinet.payments.result.timeline import timeline_of
from tests.support.delegates import make_delegate
from tests.support.factories import PSKOV_HOST, agree, logged_in, make_account, make_link, text_of
from tests.support.payments import make_payment, make_refund


def way(payment: Payment) -> list[str]:
    """The steps as `done`, `now`, … in order."""
    payment = Payment.objects.select_related("transfer").get(pk=payment.pk)
    return [str(step.progress) for step in timeline_of(payment)]


def test_a_payment_goes_its_whole_way(account, django_assert_max_num_queries):
    payment = make_payment(account, "pending")
    assert way(payment) == ["done", "now", "ahead", "ahead", "ahead"]
    payment = make_payment(account)
    assert way(payment) == ["done", "done", "done", "now", "ahead", "ahead"]

    cursor = ExportRow.objects.create(kind="payments", cursor=7, object_id=payment.pk, row={})
    state = ExportState.objects.create(kind="payments", assigned=7, given=6, acknowledged=6)
    assert way(payment)[-3:] == ["now", "ahead", "ahead"]
    state.given = 7
    state.save()
    reported = timeline_of(payment)[4]
    assert reported.when and "ждём подтверждения" in reported.note
    state.acknowledged = 7
    state.save()
    assert way(payment)[-3:] == ["now", "done", "ahead"]
    # A refund is another row: the first one has told of the payment.
    ExportRow.objects.create(kind="payments", cursor=8, object_id=payment.pk, row={})
    assert way(payment)[-3:] == ["now", "done", "ahead"] and cursor.cursor == 7

    payment.transfer = Transfer.objects.create(
        number="4711", transferred_on=datetime.date(2026, 11, 27)
    )
    payment.save()
    step = timeline_of(payment)[3]
    assert "4711" in step.note and step.when == "27\xa0ноября\xa02026\xa0г."

    BillingPayment.objects.create(
        payment_id=str(payment.payment_id),
        account=account,
        paid_on=datetime.date(2026, 11, 27),
        amount=payment.credited,
        source="Личный кабинет",
    )
    assert way(payment) == ["done"] * 6
    make_refund(payment, principal="100.00")
    make_refund(payment, "pending", principal="10.00")
    make_refund(payment, "canceled", principal="1.00")
    with django_assert_max_num_queries(5):
        steps = timeline_of(payment)
    assert [step.title.replace("\xa0", " ") for step in steps[6:]] == [
        "Возвращено 100,00 ₽",
        "Возвращаем 10,00 ₽",
        "Возврат 1,00 ₽ не прошёл",
    ]


@pytest.mark.parametrize("state", ["canceled", "failed"])
def test_what_has_ended_has_no_steps_ahead(account, state):
    payment = make_payment(account, state, cancellation_reason="card_expired")
    assert way(payment) == ["done", "stopped"]


def test_the_page_of_a_payment(owner_client, link, account):
    payment = make_payment(account, penalty="4.39", email="somebody@mail.ru")
    make_payment(account, "canceled", principal="5.00", cancellation_reason="card_expired")
    path = f"/cabinet/{link.pk}/payment/"
    text = text_of(owner_client.get(f"{path}{payment.pk}/"))
    assert "Где мои деньги" in text and "198,78 ₽" in text and "194,39 ₽" in text
    assert "somebody@" not in text
    text = text_of(owner_client.get(f"{path}{payment.pk + 1}/"))
    assert "Срок действия карты закончился" in text
    assert owner_client.get(f"{path}{payment.pk + 2}/").status_code == 404


def test_it_is_of_this_account_alone(owner_client, link, owner, pskov):
    other = make_account("805108")
    payment = make_payment(other)
    assert owner_client.get(f"/cabinet/{link.pk}/payment/{payment.pk}/").status_code == 404
    theirs = make_link(owner, pskov, other)
    assert owner_client.get(f"/cabinet/{theirs.pk}/payment/{payment.pk}/").status_code == 200


def test_a_delegate_reads_it(link, account, stranger, pskov):
    payment = make_payment(account, "pending", confirmation_url="https://yoomoney.ru/checkout/1")
    own = make_delegate(link, stranger, "read")
    agree(stranger, pskov)
    page = logged_in(stranger, PSKOV_HOST).get(f"/cabinet/{own.pk}/payment/{payment.pk}/")
    assert page.status_code == 200
    assert "yoomoney" not in text_of(page) and payment.return_key not in text_of(page)
