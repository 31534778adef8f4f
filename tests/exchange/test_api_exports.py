"""Giving back: readings come out once and only once."""

import csv
import datetime
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cabinet.exchange import exports as assigning
from cabinet.exchange import exports as giving
from cabinet.meters.models import Meter, Reading
from cabinet.meters.readings.services import NewReading, ReadingRefused, readings_submit
from cabinet.outgoing.models import ExportPending, ExportRow
from tests.exchange.api import API, Billing, make_token
from tests.support.factories import NOVGOROD_HOST, make_account, make_meter, text_of


@pytest.fixture
def billing(pskov) -> Billing:
    return Billing(make_token(pskov))


@pytest.fixture
def meter(account) -> Meter:
    return account.meters.get()


def submit(meter: Meter, value: int) -> Reading:
    readings_submit(
        account_pk=meter.account_id, readings=[NewReading(meter.pk, value)], channel="cabinet"
    )
    return Reading.objects.get(meter=meter, origin="portal")


def submit_many(count: int) -> list[Reading]:
    account = make_account("1")
    meters = [make_meter(account, f"n-{number}") for number in range(count)]
    readings_submit(
        account_pk=account.pk,
        readings=[NewReading(meter.pk, 100) for meter in meters],
        channel="guest",
    )
    return list(Reading.objects.filter(meter__in=meters, origin="portal").order_by("pk"))


def test_what_billing_has_acknowledged_is_not_corrected(billing, meter):
    submit(meter, 1905)
    billing.rows()
    submit(meter, 1906)  # given, but billing may still lose it
    billing.acknowledge(readings=billing.rows()[-1]["cursor"])
    with pytest.raises(ReadingRefused) as refused:
        submit(meter, 1907)
    assert refused.value.reason == "acknowledged"


def test_from_the_cabinet_to_billing_and_no_further(billing, owner_client, link, meter):
    """The page gives it, billing asks and acknowledges, and the page says what to do from then on."""
    path = f"/cabinet/{link.pk}/readings/"

    def send(value: int) -> str:
        fields = {"shown": "yes", f"value_{meter.pk}": str(value)}
        return text_of(owner_client.post(path, fields, follow=True))

    send(1905)
    send(1906)
    (row,) = billing.rows()
    assert (row["meter_id"], row["value"], row["source"]) == ("m-1", "1906", "cabinet")
    send(1907)
    corrected = billing.rows()[-1]
    assert (corrected["value"], corrected["reading_id"]) == ("1907", row["reading_id"])
    assert corrected["cursor"] > row["cursor"]
    billing.acknowledge(readings=corrected["cursor"])
    assert billing.rows() == []
    refused = send(1908)
    assert "исправить его здесь нельзя. Передайте новое завтра" in refused
    assert 'value="1908"' in refused
    assert billing.rows() == []


def test_a_reading_is_exported_with_all_its_fields(billing, meter):
    reading = submit(meter, 1905)
    (row,) = billing.rows()
    received = datetime.datetime.fromisoformat(row.pop("received_at"))
    assert received.utcoffset() == datetime.timedelta(hours=3)
    assert row == {
        "cursor": 1,
        "reading_id": str(reading.pk),
        "account_number": "805107",
        "meter_id": "m-1",
        "serial_number": "07416852",
        "taken_on": reading.taken_on.isoformat(),
        "value": "1905",
        "previous_value": "1900",
        "source": "cabinet",
    }


def test_csv_or_ndjson_by_accept(billing, meter):
    submit(meter, 1905)
    answer = billing.get("readings", accept="text/csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()
    (row,) = csv.DictReader(StringIO(text), delimiter=";")
    assert (row["cursor"], row["value"]) == ("1", "1905")
    for accept in ("application/x-ndjson", "*/*"):
        answer = billing.get("readings", accept=accept)
        assert answer.headers["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert billing.get("readings", accept="image/png").status_code == 406


def test_until_it_is_acknowledged_it_is_given_again(billing, meter):
    submit(meter, 1905)
    assert billing.rows() == billing.rows() != []
    assert billing.acknowledge(readings=1).json() == {"readings": 1}
    assert billing.rows() == []
    assert len(billing.rows("readings", "?after=0")) == 1


def test_a_correction_is_a_new_cursor_with_the_same_id(billing, meter):
    submit(meter, 1905)
    (first,) = billing.rows()
    submit(meter, 1906)
    again, second = billing.rows()
    assert again == first  # what was given under a cursor stays
    assert (second["cursor"], second["value"]) == (2, "1906")
    assert second["reading_id"] == first["reading_id"]


def test_corrected_before_anybody_asked(billing, meter):
    submit(meter, 1905)
    submit(meter, 1906)
    (row,) = billing.rows()
    assert row["value"] == "1906"
    assert not ExportPending.objects.exists()


def test_pages_follow_the_cursor_without_gaps(billing, pskov, monkeypatch):
    monkeypatch.setattr(assigning, "BATCH", 3)
    monkeypatch.setattr(giving, "PART", 2)
    submit_many(8)
    seen, after = [], 0
    while rows := billing.rows("readings", f"?after={after}&limit=3"):
        assert len(rows) <= 3
        seen += rows
        after = rows[-1]["cursor"]
    assert [row["cursor"] for row in seen] == list(range(1, 9))
    assert len({row["reading_id"] for row in seen}) == 8


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=10001", "limit=x", "after=-1", "after=1.5", "after=x"]
)
def test_wrong_parameters_are_answered_422(billing, query):
    answer = billing.get(f"readings?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.json()["detail"]


def test_acknowledging_what_was_not_given(billing, pskov):
    submit_many(4)
    assert billing.acknowledge(readings=1).status_code == 422
    billing.rows("readings", "?limit=2")
    answer = billing.acknowledge(readings=3)
    assert (answer.status_code, answer.json()["error"]) == (422, "not_given")
    assert billing.acknowledge(readings=2).status_code == 200
    assert billing.acknowledge(readings=1).json() == {"readings": 2}  # lower changes nothing
    assert [row["cursor"] for row in billing.rows()] == [3, 4]


def test_all_or_nothing_is_acknowledged(billing, meter):
    submit(meter, 1905)
    billing.rows()
    assert billing.acknowledge(readings=1, payments=5).status_code == 422
    assert len(billing.rows()) == 1
    assert billing.acknowledge(letters=1).status_code == 422
    assert billing.acknowledge(readings=-1).status_code == 422


@pytest.mark.parametrize("body", [b"", b"\xff", b'{"readings": ' + b"9" * 5000 + b"}"])
def test_an_acknowledgement_that_is_no_json(billing, body):
    answer = billing.client.post(f"{API}/acknowledgements", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) in [(400, "body"), (422, "parameters")]


@pytest.mark.parametrize("kind", ["payments", "appeals", "applications"])
def test_what_the_portal_has_none_of(billing, kind):
    assert billing.rows(kind) == []
    answer = billing.get(kind, accept="text/csv")
    header = b"".join(answer.streaming_content).decode()
    assert header.startswith("cursor;") and header.count("\n") == 1
    assert billing.acknowledge(**{kind: 0}).status_code == 200
    assert billing.acknowledge(**{kind: 1}).status_code == 422


def test_each_company_gives_its_own(billing, novgorod, meter):
    submit(meter, 1905)
    assert Billing(make_token(novgorod), NOVGOROD_HOST).rows() == []
    assert len(billing.rows()) == 1


def test_a_refused_reading_is_not_noted(billing, meter):
    from cabinet.meters.readings.services import ReadingRefused

    with pytest.raises(ReadingRefused):
        submit(meter, 10**6)
    assert not ExportPending.objects.exists()


def test_a_row_that_is_gone_stops_nothing(billing, meter):
    reading = submit(meter, 1905)
    Reading.objects.filter(pk=reading.pk).delete()
    assert billing.rows() == []
    assert not ExportPending.objects.exists()


def test_old_rows_that_billing_has_are_forgotten(billing, pskov, settings):
    from cabinet.exchange.exports import given_rows_clean

    submit_many(3)
    billing.rows()
    billing.acknowledge(readings=2)
    assert given_rows_clean() == 0
    settings.EXCHANGE_GIVEN_DAYS = -1
    assert given_rows_clean() == 2
    assert [row["cursor"] for row in billing.rows("readings", "?after=0")] == [3]
    assert ExportRow.objects.count() == 1


def test_the_command_does_the_same(billing, meter):
    submit(meter, 1905)

    def run(*arguments: str) -> str:
        out = StringIO()
        call_command("billing_export", *arguments, stdout=out)
        return out.getvalue()

    (row,) = map(json.loads, run("pskov", "readings").splitlines())
    assert [row] == billing.rows()
    assert run("pskov", "readings", "--after", "1") == ""
    assert run("pskov", "readings", "--format", "csv").splitlines()[1].startswith("1;")
    assert billing.acknowledge(readings=1).status_code == 200
    with pytest.raises(CommandError, match="pskof"):
        run("pskof", "readings")


def test_a_submission_costs_one_statement_more(meter, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    from portal.connection import connection

    with CaptureQueriesContext(connection) as queries:
        submit(meter, 1905)
    notes = [one["sql"] for one in queries if "outgoing_" in one["sql"]]
    assert len(notes) == 1 and notes[0].startswith("INSERT")
