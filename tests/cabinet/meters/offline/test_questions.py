"""Kept readings that may not be taken as they are: what came in meanwhile, what the person must look at."""

import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from cabinet.accounts.models import SurnameChange
from cabinet.meters.models import Submission
from tests.cabinet.meters.offline.conftest import DAY, HOUR, bring, portal
from tests.support.billing import readings_acknowledge
from tests.support.factories import make_account, make_meter, make_reading, text_of


def test_a_later_word_of_the_same_day_is_not_overwritten(now, owner_client, path, meter):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1906"})
    now("2026-11-20T13:00:00")
    one = uuid4()
    answer = bring(owner_client, path, meter, 1905, age=2 * HOUR, idempotency_key=one).json()
    assert answer["status"] == "asks" and "позже передали другое" in answer["text"]
    assert portal() == [(datetime.date(2026, 11, 20), 1906)]
    assert Submission.objects.count() == 1
    # The person looks at the form, and says that this one is right.
    owner_client.post(
        path,
        {
            "shown": "yes",
            "idempotency_key": str(one),
            "typed_on": answer["day"],
            f"value_{meter.pk}": "1905",
        },
    )
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


def test_a_later_word_of_the_device_corrects(now, owner_client, path, meter):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1906"})
    now("2026-11-20T15:00:00")
    assert bring(owner_client, path, meter, 1905, age=HOUR).json()["status"] == "accepted"
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


@pytest.mark.parametrize(
    ("value", "status"), [(1905, "accepted"), (1910, "accepted"), (1911, "asks")]
)
def test_a_later_day_stays_and_the_draft_takes_its_place_before(
    now, owner_client, path, meter, value, status
):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1910"})
    answer = bring(owner_client, path, meter, value, age=3 * DAY).json()
    assert answer["status"] == status
    today = (datetime.date(2026, 11, 20), 1910)
    draft = (datetime.date(2026, 11, 17), value)
    assert portal() == ([draft, today] if status == "accepted" else [today])


def test_a_later_day_of_a_dial_that_went_over_its_zero(now, owner_client, path, meter):
    make_reading(meter, 99_990, datetime.date(2026, 11, 1))
    owner_client.post(
        path, {"shown": "yes", f"value_{meter.pk}": "3", f"lower_{meter.pk}": "rolled_over"}
    )
    assert bring(owner_client, path, meter, 99_995, age=3 * DAY).json()["status"] == "accepted"


# --- what the person must look at -------------------------------------------------------------------


def asked(answer) -> str:
    content = answer.json()
    assert content["status"] == "asks" and Submission.objects.count() == 0
    return content["text"].replace("\xa0", " ")


def test_a_lower_one_is_asked_about_and_answered_for_its_day(now, owner_client, path, meter):
    one = uuid4()
    answer = bring(owner_client, path, meter, 100, age=2 * DAY, idempotency_key=one)
    assert "меньше прошлого (1900)" in asked(answer)
    page = owner_client.post(
        path,
        {
            "shown": "yes",
            "idempotency_key": str(one),
            "typed_on": answer.json()["day"],
            f"value_{meter.pk}": "100",
            f"lower_{meter.pk}": "replaced",
            f"replaced_unknown_{meter.pk}": "on",
        },
        follow=True,
    )
    assert "Показание на 18 ноября 2026 г." in text_of(page)
    assert portal() == [(datetime.date(2026, 11, 18), 100)]
    # Meanwhile the device sends what it still has.
    answer = bring(owner_client, path, meter, 100, age=2 * DAY, idempotency_key=one).json()
    assert answer["status"] == "accepted" and Submission.objects.count() == 1


def test_an_answered_question_goes_along(now, owner_client, path, meter):
    more = {f"lower_{meter.pk}": "replaced", f"replaced_number_{meter.pk}": "77"}
    assert bring(owner_client, path, meter, 100, **more).json()["status"] == "accepted"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("19o5", "цифрами"),
        ("190500", "пять чёрных цифр"),
        ("-5", "отрицательным"),
        ("", "хотя бы одного"),
        ("9" * 5000, ""),
    ],
)
def test_what_is_no_reading(now, owner_client, path, meter, value, text):
    assert text in asked(bring(owner_client, path, meter, value))


def test_too_old_closed_removed_changed_taken(now, owner_client, path, meter, account, monkeypatch):
    assert "больше месяца назад" in asked(bring(owner_client, path, meter, 1905, age=32 * DAY))
    assert "больше месяца назад" in asked(bring(owner_client, path, meter, 1905, age=10**30))
    other = make_meter(make_account("900001"), "m-9", serial_number="9")
    assert "снят или заменён" in asked(bring(owner_client, path, other, 5))
    meter.digits = 6
    assert "только что изменила" in asked(bring(owner_client, path, meter, 1905))
    meter.digits, meter.removed_on = 5, datetime.date(2026, 11, 19)
    meter.save()
    assert "снят или заменён" in asked(bring(owner_client, path, meter, 1905))
    account.closed_on = datetime.date(2026, 11, 19)
    account.save()
    assert "закрыт" in asked(bring(owner_client, path, meter, 1905))


def test_one_that_billing_has_acknowledged(now, owner_client, path, meter):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905"})
    readings_acknowledge()
    now("2026-11-20T15:00:00")
    answer = bring(owner_client, path, meter, 1906, age=60).json()
    assert answer["status"] == "asks" and "уже ушло в расчёт" in answer["text"]
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


def test_a_new_owner_confirms_first(now, owner_client, path, meter, account):
    SurnameChange.objects.create(account_number=account.account_number, changed_at=timezone.now())
    assert "подтвердите" in asked(bring(owner_client, path, meter, 1905))


@pytest.mark.parametrize("day", ["2026-10-01", "2026-11-21", "1900-01-01", "soon", "2026-99-99"])
def test_a_day_out_of_time_in_the_form_is_today(now, owner_client, path, meter, day):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905", "typed_on": day})
    assert portal() in ([(datetime.date(2026, 11, 20), 1905)], [])
