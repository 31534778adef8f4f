"""Readings that a telephone has kept without signal: by the rules of the form, for their own day, once."""

import datetime
import json
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.models import SurnameChange
from cabinet.meters import taking
from cabinet.meters.models import Reading, Submission
from portal.messaging.models import Message
from tests.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_meter,
    make_reading,
    text_of,
)

HOUR, DAY = 3600, 86_400


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/readings/"


@pytest.fixture
def meter(account):
    return account.meters.get()


@pytest.fixture
def now(monkeypatch):
    """Moves the clock to a moment of Moscow."""

    def set_to(moment: str) -> None:
        time = datetime.datetime.fromisoformat(f"{moment}+03:00")
        monkeypatch.setattr("django.utils.timezone.now", lambda: time)

    set_to("2026-11-20T12:00:00")
    return set_to


def who(client) -> dict[str, str]:
    return client.get("/cabinet/kept/").json()


def bring(client, path, meter, value: object, *, age: int = HOUR, sending_id=None, **more):
    """As the telephone does."""
    return client.post(
        f"{path}kept/",
        {
            "who": who(client)["who"],
            "sending_id": str(sending_id or uuid4()),
            "age": str(age),
            f"value_{meter.pk}": str(value),
            f"digits_{meter.pk}": str(meter.digits),
            **more,
        },
    )


def portal() -> list[tuple[datetime.date, int]]:
    readings = Reading.objects.filter(origin="portal").order_by("taken_on")
    return [(reading.taken_on, int(reading.value)) for reading in readings]


# --- arrives, once -----------------------------------------------------------------------------------


def test_it_arrives_for_the_day_it_was_typed_on(now, owner_client, path, meter, owner):
    answer = bring(owner_client, path, meter, "01905", age=2 * DAY).json()
    assert portal() == [(datetime.date(2026, 11, 18), 1905)]
    submission = Submission.objects.get()
    assert (submission.subscriber_id, submission.channel) == (owner.pk, "cabinet")
    assert answer["status"] == "accepted"
    assert answer["number"] == submission.spoken_number
    assert answer["lines"] == ["ВК Арзамас G4T, счётчик № …6852: 1905\xa0м³"]
    assert "Показание на 18 ноября 2026 г., за ноябрь" in answer["when"]
    assert "Принято 20 ноября 2026 г. в 12:00" in answer["when"]
    assert answer["url"] == f"{path}sent/{submission.number}/"
    assert owner_client.get(answer["url"]).status_code == 200


@pytest.mark.parametrize(
    ("zone", "day", "month"),
    [
        ("Europe/Kaliningrad", datetime.date(2026, 10, 31), "ноябрь"),
        ("Asia/Kamchatka", datetime.date(2026, 11, 1), "ноябрь"),
    ],
)
def test_the_day_is_the_companys(now, pskov, owner, link, path, meter, zone, day, month):
    pskov.time_zone = zone
    pskov.save()
    now(
        "2026-11-03T00:30:00"
    )  # typed 48 hours before: 31 October in Kaliningrad, 1 November in Kamchatka
    answer = bring(logged_in(owner, PSKOV_HOST), path, meter, 1905, age=2 * DAY).json()
    assert portal() == [(day, 1905)] and f"за {month}" in answer["when"]


def test_a_clock_that_runs_ahead_of_itself_is_now(now, owner_client, path, meter):
    assert bring(owner_client, path, meter, 1905, age=-5).json()["status"] == "accepted"
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


def test_an_answer_that_was_not_heard_is_given_again_whatever_has_happened_since(
    now, owner, owner_client, path, meter, monkeypatch
):
    one = uuid4()
    first = bring(owner_client, path, meter, 1905, sending_id=one).json()
    make_reading(meter, 1899, datetime.date(2026, 11, 25))
    monkeypatch.setattr(taking, "_checks", [lambda readings: {each.pk for each in readings}])
    now("2027-01-20T12:00:00")
    meter.removed_on = datetime.date(2026, 12, 1)
    meter.save()
    later = logged_in(owner, PSKOV_HOST)
    again = bring(later, path, meter, "1905", sending_id=one, age=61 * DAY).json()
    assert again == first and Submission.objects.count() == 1
    assert Message.objects.filter(kind="readings_received").count() == 1


def test_the_page_and_the_telephone_send_the_same_one(now, owner_client, path, meter):
    one = str(uuid4())
    page = owner_client.post(
        path, {"shown": "yes", "sending_id": one, f"value_{meter.pk}": "1905"}, follow=True
    )
    assert f'data-kept-arrived="{one}"' in text_of(page)
    answer = bring(owner_client, path, meter, 1905, sending_id=one).json()
    assert answer["number"] == Submission.objects.get().spoken_number


def test_the_same_reading_from_two_telephones(now, owner_client, path, meter):
    first = bring(owner_client, path, meter, 1905, age=2 * HOUR).json()
    second = bring(owner_client, path, meter, 1905, age=HOUR).json()
    assert first["status"] == second["status"] == "accepted"
    assert first["number"] != second["number"]
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


# --- what came in meanwhile --------------------------------------------------------------------------


def test_a_later_word_of_the_same_day_is_not_overwritten(now, owner_client, path, meter):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1906"})
    now("2026-11-20T13:00:00")
    one = uuid4()
    answer = bring(owner_client, path, meter, 1905, age=2 * HOUR, sending_id=one).json()
    assert answer["status"] == "asks" and "позже передали другое" in answer["text"]
    assert portal() == [(datetime.date(2026, 11, 20), 1906)]
    assert Submission.objects.count() == 1
    # The person looks at the form, and says that this one is right.
    owner_client.post(
        path,
        {
            "shown": "yes",
            "sending_id": str(one),
            "typed_on": answer["day"],
            f"value_{meter.pk}": "1905",
        },
    )
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


def test_a_later_word_of_the_telephone_corrects(now, owner_client, path, meter):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1906"})
    now("2026-11-20T15:00:00")
    assert bring(owner_client, path, meter, 1905, age=HOUR).json()["status"] == "accepted"
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


@pytest.mark.parametrize(
    ("value", "status"), [(1905, "accepted"), (1910, "accepted"), (1911, "asks")]
)
def test_a_later_day_stays_and_the_kept_one_takes_its_place_before(
    now, owner_client, path, meter, value, status
):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1910"})
    answer = bring(owner_client, path, meter, value, age=3 * DAY).json()
    assert answer["status"] == status
    today = (datetime.date(2026, 11, 20), 1910)
    kept = (datetime.date(2026, 11, 17), value)
    assert portal() == ([kept, today] if status == "accepted" else [today])


def test_a_later_day_of_a_dial_that_went_over_its_zero(now, owner_client, path, meter):
    make_reading(meter, 99_990, datetime.date(2026, 11, 1))
    owner_client.post(
        path, {"shown": "yes", f"value_{meter.pk}": "3", f"lower_{meter.pk}": "rolled_over"}
    )
    assert bring(owner_client, path, meter, 99_995, age=3 * DAY).json()["status"] == "accepted"


# --- what the person must look at --------------------------------------------------------------------


def asked(answer) -> str:
    content = answer.json()
    assert content["status"] == "asks" and Submission.objects.count() == 0
    return content["text"].replace("\xa0", " ")


def test_a_lower_one_is_asked_about_and_answered_for_its_day(now, owner_client, path, meter):
    one = uuid4()
    answer = bring(owner_client, path, meter, 100, age=2 * DAY, sending_id=one)
    assert "меньше прошлого (1900 м³)" in asked(answer)
    page = owner_client.post(
        path,
        {
            "shown": "yes",
            "sending_id": str(one),
            "typed_on": answer.json()["day"],
            f"value_{meter.pk}": "100",
            f"lower_{meter.pk}": "replaced",
        },
        follow=True,
    )
    assert "Показание на 18 ноября 2026 г." in text_of(page)
    assert portal() == [(datetime.date(2026, 11, 18), 100)]
    # Meanwhile the telephone sends what it still has.
    answer = bring(owner_client, path, meter, 100, age=2 * DAY, sending_id=one).json()
    assert answer["status"] == "accepted" and Submission.objects.count() == 1


def test_an_answered_question_goes_along(now, owner_client, path, meter):
    more = {f"lower_{meter.pk}": "replaced"}
    assert bring(owner_client, path, meter, 100, **more).json()["status"] == "accepted"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("19o5", "цифрами"),
        ("190500", "Слишком много цифр"),
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


def test_one_that_billing_has_taken(now, owner_client, path, meter, monkeypatch):
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905"})
    monkeypatch.setattr(taking, "_checks", [lambda readings: {each.pk for each in readings}])
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


# --- whose it is -------------------------------------------------------------------------------------


def test_it_waits_for_the_same_person(now, owner_client, path, meter, stranger, guest):
    mine = who(owner_client)["who"]
    fields = {"who": mine, "sending_id": str(uuid4()), "age": "5", f"value_{meter.pk}": "1905"}
    other = logged_in(stranger, PSKOV_HOST)
    assert who(guest)["who"] == "" and who(other)["who"] not in ("", mine)
    for client in (guest, other):
        assert client.post(f"{path}kept/", fields).status_code == 401
    assert client.post(f"{path}kept/", {**fields, "who": who(other)["who"]}).status_code == 404
    assert portal() == []
    assert owner_client.post(f"{path}kept/", fields).json()["status"] == "accepted"


def test_another_companys_link_and_host(now, owner, owner_client, path, meter, novgorod):
    with schema_context("novgorod"):
        account = make_account()
    elsewhere = make_link(owner, novgorod, account)
    assert bring(owner_client, f"/cabinet/{elsewhere.pk}/readings/", meter, 5).status_code == 404
    there = logged_in(owner, NOVGOROD_HOST)
    assert bring(there, path, meter, 5).status_code == 404


def test_a_fresh_token_is_asked_for(now, owner, path, meter):
    client = Client(enforce_csrf_checks=True, headers={"host": PSKOV_HOST})
    client.cookies.update(logged_in(owner, PSKOV_HOST).cookies)
    fields = {"sending_id": str(uuid4()), "age": "5", f"value_{meter.pk}": "1905"}
    there = who(client)
    fields["who"] = there["who"]
    assert client.post(f"{path}kept/", fields).status_code == 403
    answer = client.post(f"{path}kept/", fields, headers={"X-CSRFToken": there["token"]})
    assert answer.json()["status"] == "accepted"


@pytest.mark.parametrize(("name", "value"), [("sending_id", "1"), ("age", ""), ("age", "x")])
def test_nonsense(owner_client, path, meter, name, value):
    fields = {"who": who(owner_client)["who"], "sending_id": str(uuid4()), "age": "5", name: value}
    assert owner_client.post(f"{path}kept/", fields).status_code == 400
    assert owner_client.get(f"{path}kept/").headers["Location"] == path


# --- what a telephone keeps --------------------------------------------------------------------------


def test_a_telephone_knows_nothing_that_proves_who_one_is(owner_client, path, account, meter):
    page = owner_client.get(path).content.decode()
    kept = re.search(r'data-kept-form="([^"]+)"', page)[1].replace("&quot;", '"')
    about = json.loads(kept)
    assert about["label"] == "Лицевой счёт …5107"
    assert about["meters"] == [
        {
            "id": meter.pk,
            "model": "ВК Арзамас G4T",
            "number": "…6852",
            "digits": 5,
            "last": "1900",
            "lastOn": "27.04.2024",
        }
    ]
    for secret in ("07416852", "805107", "Осипова", "Рижский", "owner@mail.ru"):
        assert secret not in kept


def test_the_page_without_signal_is_nobodys(owner_client, guest, link):
    mine, theirs = owner_client.get("/cabinet/offline/"), guest.get("/cabinet/offline/")
    assert mine.content == theirs.content
    assert 'data-who=""' in text_of(mine) and "csrf" not in text_of(mine)
    assert "no-store" in mine.headers["Cache-Control"]


def test_the_worker_is_asked_for_anew_and_keeps_the_shell_alone(guest, pskov):
    worker = guest.get("/cabinet/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "no-store" in worker.headers["Cache-Control"]
    shell = json.loads(re.search(r"SHELL = (\{.*?\});", worker.content.decode())[1])
    assert shell["page"] == "/cabinet/offline/"
    assert all(
        file.startswith(("/static/", "/cabinet/offline/", "/brand.css")) for file in shell["files"]
    )
    assert all(guest.get(file).status_code == 200 for file in shell["files"])
    pskov.name = "Псковгаз"
    pskov.save()
    assert guest.get("/cabinet/sw.js").content != worker.content


def test_one_app_a_host(guest, pskov, novgorod):
    manifest = guest.get("/cabinet/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    app = manifest.json()
    assert app["name"] == pskov.name
    assert app["start_url"] == app["scope"] == app["id"] == "/cabinet/"
    for one in app["icons"]:
        icon = guest.get(one["src"])
        assert icon.headers["Content-Type"] == "image/png" and icon.content.startswith(b"\x89PNG")
    assert guest.get("/cabinet/icon-4000.png").status_code == 404
    there = Client(headers={"host": NOVGOROD_HOST}).get("/cabinet/manifest.webmanifest").json()
    assert there["name"] == novgorod.name != app["name"]


def test_only_the_cabinet_is_an_app(guest, owner_client, path):
    assert "manifest" not in text_of(guest.get("/"))
    assert "/cabinet/manifest.webmanifest" in text_of(owner_client.get(path))
