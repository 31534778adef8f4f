"""Readings by telephone: the rules of everybody, the strongest channel."""

import datetime
import uuid

import pytest

from cabinet.meters.models import Reading, Submission
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from tests.operators.conftest import DESK, REASON
from tests.support.factories import text_of
from tests.support.readings import portal_values, sent, sources_given


@pytest.fixture
def meter(account):
    return account.meters.get()


@pytest.fixture
def form(path):
    return f"{path}readings/"


def take(client, form, meter, value="1905", **more):
    return client.post(form, {f"value_{meter.pk}": value, **more})


def test_a_reading_by_telephone(opened, form, meter, link):
    page = text_of(opened.get(form))
    assert "Принять показания по телефону" in page and "1 900" in page and "07416852" in page
    answer = take(opened, form, meter)
    submission = Submission.objects.get()
    assert answer.url == f"{form}?sent={submission.number}"
    assert (submission.channel, submission.subscriber_id) == ("operator", None)
    reading = Reading.objects.get(origin="portal")
    assert (int(reading.value), reading.source) == (1905, "operator")
    said = text_of(opened.get(answer.url))
    assert "Продиктуйте номер" in said and submission.spoken_number.replace("\xa0", " ") in said
    assert "Оператор, по телефону" in said
    letter = Message.objects.get(kind="readings_sent_by_other")
    assert "по телефону нашему оператору" in letter.text
    entry = AuditEntry.objects.get(action="account.readings")
    assert (entry.subject, entry.details) == ("805107", {"submission": submission.number})
    assert ">805107<" in text_of(opened.post(DESK, {"wanted": submission.spoken_number}))


def test_billing_hears_of_the_channel(opened, form, meter):
    take(opened, form, meter)
    assert sources_given() == ["operator"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "Введите показание хотя бы одного счётчика"),
        ("12,5", "только целые кубометры"),
        ("123456", "введите только их"),
        ("1800", "Новое показание меньше прошлого"),
        ("4000", "на счётчике именно"),
        ("99999", "пропустить"),
    ],
)
def test_what_is_refused_stays_typed(opened, form, meter, value, said, clock):
    clock.at("2024-05-27T12:00")
    opened.post(form.replace("readings/", "open/"), {"reason": REASON})
    page = text_of(take(opened, form, meter, value))
    assert said in page and "Показания ещё не приняты" in page
    assert f'value="{value}"' in page or not value
    assert not Submission.objects.exists()
    assert not AuditEntry.objects.filter(action="account.readings").exists()


def test_what_is_unlikely_is_confirmed(opened, form, meter, clock):
    clock.at("2024-05-27T12:00")
    opened.post(form.replace("readings/", "open/"), {"reason": REASON})
    take(opened, form, meter, "4000", **{f"confirm_{meter.pk}": "4000"})
    assert portal_values() == [4000]


def test_a_replaced_meter(opened, form, meter):
    replaced = {f"lower_{meter.pk}": "replaced", f"replaced_number_{meter.pk}": "777"}
    take(opened, form, meter, "5", **replaced)
    assert Submission.objects.get().lines.get().new_serial_number == "777"
    assert "новый № 777" in text_of(opened.get(form))


def test_sent_twice_is_one(opened, form, meter):
    key = str(uuid.uuid4())
    first = take(opened, form, meter, idempotency_key=key)
    assert take(opened, form, meter, idempotency_key=key).url == first.url
    assert Submission.objects.count() == 1
    assert AuditEntry.objects.filter(action="account.readings").count() == 1


def test_an_operators_beats_a_holders(opened, form, meter, owner_client, link):
    cabinet = f"/cabinet/{link.pk}/readings/"
    owner_client.post(cabinet, sent(meter, 1910))
    take(opened, form, meter, "1905")
    assert portal_values() == [1905]
    refused = text_of(owner_client.post(cabinet, sent(meter, 1911)))
    assert "принял оператор по телефону" in refused and portal_values() == [1905]
    take(opened, form, meter, "1906")  # his own slip
    assert portal_values() == [1906]
    letter = Message.objects.filter(kind="readings_sent_by_other").latest("created_at")
    assert "Ваше показание заменили" in letter.html


def test_a_holder_sees_who_took_it(opened, form, meter, owner_client, link):
    owner_client.post(f"/cabinet/{link.pk}/readings/", sent(meter, 1910))
    number = Submission.objects.get().number
    take(opened, form, meter, "1905")
    page = text_of(owner_client.get(f"/cabinet/{link.pk}/readings/"))
    assert "принял оператор по телефону" in page and "Оператор, по телефону" in page
    page = text_of(owner_client.get(f"/cabinet/{link.pk}/readings/?number={number}"))
    assert "другое показание передали по телефону оператору" in page


def test_time_is_over_while_it_is_typed(opened, form, meter, clock):
    clock.forward(datetime.timedelta(minutes=31))
    page = text_of(take(opened, form, meter, "1905"))
    assert "Зачем открываете?" in page and not Submission.objects.exists()
    assert f'name="value_{meter.pk}" value="1905"' in page
    address = form.replace("readings/", "open/")
    shown = text_of(opened.post(address, {"reason": REASON, f"value_{meter.pk}": "1905"}))
    assert 'value="1905"' in shown and not Submission.objects.exists()


def test_a_closed_account_takes_none(opened, form, meter, account):
    account.closed_on = "2024-01-01"
    account.save()
    assert "показания не принимаются" in text_of(opened.get(form))
    take(opened, form, meter)
    assert not Submission.objects.exists()


def test_operators_find_it_among_all_submissions(opened, form, meter):
    take(opened, form, meter)
    page = text_of(opened.get("/admin/meters/submission/?channel=operator"))
    assert Submission.objects.get().spoken_number.replace("\xa0", " ") in page
