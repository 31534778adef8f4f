"""Telephones for SMS, added and confirmed at the same moment."""

from contextlib import suppress

from django_tenants.utils import schema_context

from cabinet.notifications.models import SmsNumber
from cabinet.notifications.sms_numbers import TooSoon, number_add, number_confirm
from cabinet.subscribers.models import NotificationWay
from portal.messaging.models import Message
from portal.secrets import CodeSpent, CodeWrong, code_typed
from tests.support.threads import in_threads

PHONE = "+79111234567"


def test_the_same_number_added_twice_at_once_is_one_with_one_sms(owner, pskov):
    def add() -> None:
        with schema_context("pskov"), suppress(TooSoon):
            number_add(subscriber=owner, number=PHONE, company=pskov)

    assert in_threads(*[add] * 6) == []
    with schema_context("pskov"):
        assert SmsNumber.objects.count() == Message.objects.count() == 1


def test_a_code_typed_many_times_at_once_has_no_more_tries_than_it_should(owner, pskov):
    with schema_context("pskov"):
        row = number_add(subscriber=owner, number=PHONE, company=pskov)
        right = code_typed(Message.objects.get().text.split(" — ")[0])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    counted: list[int] = []

    def guess() -> None:
        with schema_context("pskov"), suppress(CodeSpent):
            try:
                number_confirm(subscriber=owner, number_id=row.pk, code=wrong)
            except CodeWrong as error:
                counted.append(error.tries_left)

    assert in_threads(*[guess] * 8) == []
    assert sorted(counted) == [0, 1, 2, 3, 4]
    with schema_context("pskov"):
        assert SmsNumber.objects.get().confirmed_at is None
    assert not NotificationWay.objects.exists()
