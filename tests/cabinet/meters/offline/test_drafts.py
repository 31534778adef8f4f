"""Drafts of readings typed without signal: for their own day, once, from the same person."""

import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cabinet.meters.models import Submission
from portal.messaging.models import Message
from tests.cabinet.meters.offline.conftest import DAY, HOUR, bring, identity, portal
from tests.support.billing import readings_acknowledge
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_reading,
    text_of,
)


def test_it_arrives_for_the_day_it_was_typed_on(now, owner_client, path, meter, owner):
    answer = bring(owner_client, path, meter, "01905", age=2 * DAY).json()
    assert portal() == [(datetime.date(2026, 11, 18), 1905)]
    submission = Submission.objects.get()
    assert (submission.subscriber_id, submission.channel) == (owner.pk, "cabinet")
    assert answer["status"] == "accepted"
    assert answer["number"] == submission.spoken_number
    assert answer["lines"] == ["ВК Арзамас G4T, счётчик № …52: 1\u202f905\xa0м³"]
    answer["when"] = answer["when"].replace("\xa0", " ")
    assert "Показание на 18 ноября 2026 г., войдёт в расчёт за ноябрь" in answer["when"]
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
    now, owner, owner_client, path, meter
):
    one = uuid4()
    first = bring(owner_client, path, meter, 1905, idempotency_key=one).json()
    make_reading(meter, 1899, datetime.date(2026, 11, 25))
    readings_acknowledge()
    now("2027-01-20T12:00:00")
    meter.removed_on = datetime.date(2026, 12, 1)
    meter.save()
    later = logged_in(owner, PSKOV_HOST)
    again = bring(later, path, meter, "1905", idempotency_key=one, age=61 * DAY).json()
    assert again == first and Submission.objects.count() == 1
    assert Message.objects.filter(kind="readings_received").count() == 1


def test_the_page_and_the_device_send_the_same_one(now, owner_client, path, meter):
    one = str(uuid4())
    page = owner_client.post(
        path, {"shown": "yes", "idempotency_key": one, f"value_{meter.pk}": "1905"}, follow=True
    )
    assert f'data-offline-arrived="{one}"' in text_of(page)
    answer = bring(owner_client, path, meter, 1905, idempotency_key=one).json()
    assert answer["number"] == Submission.objects.get().spoken_number


def test_the_same_reading_from_two_devices(now, owner_client, path, meter):
    first = bring(owner_client, path, meter, 1905, age=2 * HOUR).json()
    second = bring(owner_client, path, meter, 1905, age=HOUR).json()
    assert first["status"] == second["status"] == "accepted"
    assert first["number"] != second["number"]
    assert portal() == [(datetime.date(2026, 11, 20), 1905)]


# --- whose it is ------------------------------------------------------------------------------------


def test_it_waits_for_the_same_person(now, owner_client, path, meter, stranger, guest):
    mine = identity(owner_client)["owner"]
    fields = {
        "owner": mine,
        "idempotency_key": str(uuid4()),
        "age": "5",
        f"value_{meter.pk}": "1905",
    }
    other = logged_in(stranger, PSKOV_HOST)
    assert identity(guest)["owner"] == "" and identity(other)["owner"] not in ("", mine)
    for client in (guest, other):
        assert client.post(f"{path}kept/", fields).status_code == 401
    assert (
        client.post(f"{path}kept/", {**fields, "owner": identity(other)["owner"]}).status_code
        == 404
    )
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
    fields = {"idempotency_key": str(uuid4()), "age": "5", f"value_{meter.pk}": "1905"}
    there = identity(client)
    fields["owner"] = there["owner"]
    assert client.post(f"{path}kept/", fields).status_code == 403
    answer = client.post(f"{path}kept/", fields, headers={"X-CSRFToken": there["token"]})
    assert answer.json()["status"] == "accepted"


@pytest.mark.parametrize(("name", "value"), [("idempotency_key", "1"), ("age", ""), ("age", "x")])
def test_a_draft_with_malformed_fields_is_refused(owner_client, path, meter, name, value):
    fields = {
        "owner": identity(owner_client)["owner"],
        "idempotency_key": str(uuid4()),
        "age": "5",
        name: value,
    }
    assert owner_client.post(f"{path}kept/", fields).status_code == 400
    assert owner_client.get(f"{path}kept/").headers["Location"] == path
