"""The block «Рассылка по смс»: telephones added, edited, removed, switched, each confirmed by a code."""

import uuid

import pytest
from limits import RateLimitItemPerDay

from cabinet.notifications.models import SmsNumber
from cabinet.notifications.services import Notice, notify
from cabinet.notifications.tasks import notifications_forget
from cabinet.subscribers.models import NotificationWay, Subscriber
from cabinet.subscriptions import views_sms
from portal.limits import RateLimit
from portal.messaging.events import message_refused
from portal.messaging.models import Message
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, logged_in, make_link, text_of

PAGE = "/cabinet/settings/subscriptions/"
ADD = f"{PAGE}sms/add/"
PHONE, OTHER = "+79111234567", "+79217654321"


def of(row: SmsNumber, action: str = "") -> str:
    return f"{PAGE}sms/{row.pk}/{action}"


def page(client) -> str:
    return " ".join(text_of(client.get(PAGE)).replace("\xa0", " ").split())


def code() -> str:
    return Message.objects.filter(kind="phone_code").latest("created_at").text.split(" — ")[0]


def add(client, number: str = PHONE) -> SmsNumber:
    """Add a number and confirm it."""
    client.post(ADD, {"phone": number})
    row = SmsNumber.objects.latest("created_at")
    client.post(of(row, "code/"), {"code": code()})
    return SmsNumber.objects.get(pk=row.pk)


def long_ago() -> None:
    SmsNumber.objects.update(code_sent_at="2020-01-01T12:00+03:00")


def test_a_number_is_added_and_confirmed(owner, owner_client, link):
    assert "Добавить телефон" in page(owner_client)
    answer = owner_client.post(ADD, {"phone": "8 (911) 123-45-67"})
    row = SmsNumber.objects.get()
    assert answer.headers["Location"] == of(row, "code/")
    assert (row.number, row.confirmed_at) == (PHONE, None)
    assert "Не подтверждён" in page(owner_client) and not NotificationWay.objects.exists()
    answer = owner_client.post(of(row, "code/"), {"code": code()}, follow=True)
    assert "СМС будут приходить на номер +7 911 123-45-67" in text_of(answer).replace("\xa0", " ")
    row.refresh_from_db()
    assert row.confirmed_at and row.is_on and not row.code_hash
    way = NotificationWay.objects.get()
    assert (way.kind, way.channel, way.is_on) == ("bill_ready", "sms", True)
    notify(Notice(subscriber=owner, kind="bill_ready", title="Квитанция", path="/"))
    assert Message.objects.filter(kind="bill_ready", channel="sms").get().recipient == PHONE


def test_wrong_codes_are_counted_and_a_spent_one_confirms_nothing(owner_client, link):
    owner_client.post(ADD, {"phone": PHONE})
    row, right = SmsNumber.objects.get(), code()
    wrong = f"{(int(right.replace(' ', '')) + 1) % 1_000_000:06}"
    for left in (4, 3, 2, 1):
        said = text_of(owner_client.post(of(row, "code/"), {"code": wrong}))
        assert f"{left} попыт" in said
    for typed in (wrong, right):
        said = text_of(owner_client.post(of(row, "code/"), {"code": typed}))
        assert "Этот код больше не действует" in said
    assert SmsNumber.objects.get().confirmed_at is None
    long_ago()
    assert "новый код" in text_of(owner_client.post(of(row, "code/resend/"), follow=True))
    assert "через минуту" in text_of(owner_client.post(of(row, "code/resend/"), follow=True))
    owner_client.post(of(row, "code/"), {"code": code()})
    assert SmsNumber.objects.get().confirmed_at


def test_an_old_code_confirms_nothing(owner_client, link):
    owner_client.post(ADD, {"phone": PHONE})
    SmsNumber.objects.update(code_expires_at="2020-01-01T12:00+03:00")
    row = SmsNumber.objects.get()
    said = text_of(owner_client.post(of(row, "code/"), {"code": code()}))
    assert "больше не действует" in said and SmsNumber.objects.get().confirmed_at is None


def test_two_people_confirm_one_telephone(owner_client, stranger, account, pskov, link):
    make_link(stranger, pskov, account)
    add(owner_client)
    add(logged_in(stranger, PSKOV_HOST))
    assert SmsNumber.objects.filter(number=PHONE, confirmed_at__isnull=False).count() == 2


def test_the_logins_own_telephone_needs_no_second_code(owner, owner_client, link):
    Subscriber.objects.update(phone=PHONE)
    assert 'value="+7 911 123-45-67"' in text_of(owner_client.get(ADD)).replace("\xa0", " ")
    owner_client.post(ADD, {"phone": PHONE})
    assert SmsNumber.objects.get().confirmed_at and not Message.objects.exists()


def test_the_old_number_stays_until_the_new_one_is_confirmed(owner_client, link):
    row = add(owner_client)
    owner_client.post(of(row), {"phone": OTHER})
    row.refresh_from_db()
    assert (row.number, row.new_number) == (PHONE, OTHER)
    assert "ждёт подтверждения. До этого СМС приходят на прежний" in page(owner_client)
    owner_client.post(of(row, "code/"), {"code": code()})
    row.refresh_from_db()
    assert (row.number, row.new_number) == (OTHER, "") and SmsNumber.objects.count() == 1


def test_a_mistyped_number_is_corrected_at_once(owner_client, link):
    owner_client.post(ADD, {"phone": PHONE})
    row, first = SmsNumber.objects.get(), code()
    owner_client.post(of(row), {"phone": OTHER})
    owner_client.post(of(row, "code/"), {"code": first})
    assert SmsNumber.objects.get().confirmed_at is None  # the code was another number's
    owner_client.post(of(row, "code/"), {"code": code()})
    row.refresh_from_db()
    assert row.number == OTHER and row.confirmed_at


def test_switched_off_and_on_and_removed(owner, owner_client, link):
    row = add(owner_client)
    owner_client.post(of(row, "switch/"), {"on": "no"})
    assert not SmsNumber.objects.get().is_on
    NotificationWay.objects.update(is_on=False)
    owner_client.post(of(row, "switch/"), {"on": "yes"})
    assert SmsNumber.objects.get().is_on
    assert NotificationWay.objects.get().is_on  # else the switch would do nothing
    assert "Удалить номер" in text_of(owner_client.get(of(row, "remove/")))
    assert SmsNumber.objects.exists()
    owner_client.post(of(row, "remove/"))
    assert not SmsNumber.objects.exists()


@pytest.mark.parametrize("typed", ["", "112", "+7 8112 59-50-50", "+375 29 123-45-67", "8 911 12"])
def test_only_russian_mobile_telephones(owner_client, link, typed):
    assert 'aria-invalid="true"' in text_of(owner_client.post(ADD, {"phone": typed}))
    assert not SmsNumber.objects.exists()


def test_a_number_twice_and_too_many(owner, owner_client, link):
    add(owner_client)
    assert "уже есть в списке" in text_of(owner_client.post(ADD, {"phone": PHONE}))
    for number in range(4):
        SmsNumber.objects.create(subscriber_id=owner.pk, number=f"+792100000{number:02}")
    assert "не больше 5" in text_of(owner_client.post(ADD, {"phone": OTHER})).replace("\xa0", " ")
    assert SmsNumber.objects.count() == 5


def test_what_nobody_confirms_goes_after_a_day(owner_client, link):
    mine = add(owner_client)
    owner_client.post(of(mine), {"phone": OTHER})
    owner_client.post(ADD, {"phone": "+79031112233"})
    notifications_forget()
    assert SmsNumber.objects.count() == 2 and SmsNumber.objects.filter(new_number=OTHER).exists()
    SmsNumber.objects.update(created_at="2020-01-01T12:00+03:00")
    long_ago()
    notifications_forget()
    row = SmsNumber.objects.get()
    assert (row.number, row.new_number) == (PHONE, "") and row.confirmed_at


def test_a_company_without_sms_says_so(owner_client, link, settings):
    settings.MESSAGE_SENDERS = {**settings.MESSAGE_SENDERS, "sms": ""}
    said = page(owner_client)
    assert "пока не отправляет СМС" in said and ADD not in said
    assert owner_client.get(ADD).status_code == owner_client.post(ADD).status_code == 404


def test_strangers_and_other_hosts(owner, owner_client, stranger, link, novgorod):
    row = add(owner_client)
    elsewhere = logged_in(owner, NOVGOROD_HOST)
    for client in (logged_in(stranger, PSKOV_HOST), elsewhere):
        for action in ("", "code/", "code/resend/", "switch/", "remove/"):
            assert client.get(of(row, action)).status_code == 404, action
            assert client.post(of(row, action), {"on": "no"}).status_code == 404, action
    assert owner_client.get(f"{PAGE}sms/{uuid.uuid4()}/").status_code == 404
    assert SmsNumber.objects.get().is_on


def test_a_look_changes_nothing(owner_client, link):
    row = add(owner_client)
    for action in ("", "code/", "code/resend/", "switch/?on=no", "remove/"):
        owner_client.get(of(row, action))
        owner_client.head(of(row, action))
    assert SmsNumber.objects.get().is_on


def test_a_number_that_takes_no_sms_is_confirmed_anew(owner_client, link):
    row = add(owner_client)
    letter = Message(channel="sms", kind="bill_ready", recipient=PHONE)
    message_refused.send(Message, message=letter)
    assert "СМС на этот номер не доходят" in page(owner_client)
    long_ago()
    owner_client.post(of(row), {"phone": PHONE})
    owner_client.post(of(row, "code/"), {"code": code()})
    assert SmsNumber.objects.get().refused_at is None
    assert "не доходят" not in page(owner_client)


def test_codes_for_the_logins_own_refused_number_are_limited_as_well(owner_client, link):
    Subscriber.objects.update(phone=PHONE)
    owner_client.post(ADD, {"phone": PHONE})
    SmsNumber.objects.update(refused_at="2020-01-01T12:00+03:00")
    for _ in range(8):
        long_ago()
        answer = owner_client.post(ADD, {"phone": PHONE})
    assert "Слишком много попыток" in text_of(answer)
    assert Message.objects.filter(kind="phone_code").count() == 4


@pytest.mark.parametrize("limit", ["BY_NETWORK", "BY_COMPANY"])
def test_many_cabinets_do_not_make_a_company_send_without_end(
    owner_client, link, stranger, monkeypatch, limit
):
    few = RateLimit(f"few-{limit}", RateLimitItemPerDay(1))
    monkeypatch.setattr(views_sms, limit, few)
    owner_client.post(ADD, {"phone": PHONE})
    assert Message.objects.count() == 1
    answer = logged_in(stranger, PSKOV_HOST).post(ADD, {"phone": OTHER})
    assert "Слишком много попыток" in text_of(answer) and Message.objects.count() == 1


def test_nothing_more_goes_to_a_number_that_is_gone(owner, owner_client, link):
    """Such as what waits for the morning: the telephone may be somebody else's by then."""
    kept, gone, off = (add(owner_client, f"+7911000000{number}") for number in range(3))
    Message.objects.all().delete()
    notify(Notice(subscriber=owner, kind="bill_ready", title="Квитанция", path="/"))
    owner_client.post(ADD, {"phone": PHONE})
    owner_client.post(of(gone, "remove/"))
    owner_client.post(of(off, "switch/"), {"on": "no"})
    left = [one.recipient for one in Message.objects.filter(channel="sms")]
    assert sorted(left) == sorted([kept.number, PHONE])  # and the code, which is waited for
