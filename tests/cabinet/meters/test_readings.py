"""Sending readings: what is asked, what is refused, what is there afterwards."""

import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cabinet.meters.history.consumption import consumption
from cabinet.meters.history.table import reading_history
from cabinet.meters.models import Reading, Submission
from cabinet.meters.readings.rules import reading_value
from cabinet.meters.readings.services import NewReading, ReadingRefused, readings_submit
from tests.support.factories import (
    make_account,
    make_meter,
    make_reading,
    make_tariff,
    text_of,
    without_ids,
)


def portal_readings():
    return list(Reading.objects.filter(origin="portal").values_list("value", flat=True))


def test_the_page_shows_the_meter(owner_client, path, meter):
    make_tariff()
    page = text_of(owner_client.get(path))
    for text in ("ВК Арзамас G4T", "07416852", "1900", "27.04.2024", "1 июня 2030", "7,391"):
        assert text in page, text


def test_a_reading_arrives(owner_client, owner, path, meter, clock):
    clock.at("2026-11-20T12:00")
    answer = owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1 905"}, follow=True)
    assert "Показания успешно переданы" in text_of(answer)
    reading = Reading.objects.get(origin="portal")
    assert (reading.value, reading.previous_value) == (1905, 1900)
    assert (reading.source, reading.subscriber_id) == ("cabinet", owner.pk)
    assert reading.taken_on == timezone.localdate()


def test_twice_by_a_nervous_thumb_is_there_once(owner_client, path, meter, clock):
    clock.at("2026-11-20T12:00")
    for _ in range(2):
        owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905"})
    assert portal_readings() == [1905]


def test_again_on_the_same_day_corrects(owner_client, path, meter, clock):
    clock.at("2026-11-20T12:00")
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1950"})
    owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905"})
    assert portal_readings() == [1905]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "хотя бы одного"),
        ("-5", "отрицательным"),
        ("−5", "отрицательным"),
        ("123456", "пять чёрных цифр"),
        ("1905,3", "целые кубометры"),
        ("1905.3", "целые кубометры"),
        ("١٢٣", "цифрами"),
        ("abc", "цифрами"),
        ("1e3", "цифрами"),
        ("9" * 60, "до 50 знаков"),
    ],
)
def test_bad_input_is_shown_beside_the_field_and_kept(owner_client, path, meter, typed, message):
    answer = owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": typed})
    page = text_of(answer)
    assert answer.status_code == 200
    assert message in page
    assert f'value="{typed}"' in page or not typed
    assert portal_readings() == []


def test_a_lower_one_is_asked_about(owner_client, path, meter):
    page = text_of(owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "3"}))
    assert page.count("Новое показание меньше прошлого (1900). Почему?") == 1
    assert page.count("меньше прошлого") == 1 and 'value="rolled_over"' in page
    assert portal_readings() == []

    mistake = {"shown": "yes", f"value_{meter.pk}": "3", f"lower_{meter.pk}": "mistake"}
    assert "Исправьте показание" in text_of(owner_client.post(path, mistake))
    assert portal_readings() == []

    rolled = {"shown": "yes", f"value_{meter.pk}": "3", f"lower_{meter.pk}": "rolled_over"}
    page = text_of(owner_client.post(path, rolled))
    assert "98 103 м³" in page and "намного больше обычного" in page
    assert portal_readings() == []
    answer = owner_client.post(path, rolled | {f"confirm_{meter.pk}": "3"}, follow=True)
    assert "успешно" in text_of(answer)
    assert Reading.objects.get(origin="portal").lower_reason == "rolled_over"


def test_an_answer_that_was_not_asked_for_is_not_kept(owner_client, path, meter):
    owner_client.post(
        path, {"shown": "yes", f"value_{meter.pk}": "1905", f"lower_{meter.pk}": "rolled_over"}
    )
    assert Reading.objects.get(origin="portal").lower_reason == ""


def test_partly_filled_is_fine(owner_client, path, account, meter):
    make_meter(account, "m-2", serial_number="555", model="Гранд")
    answer = owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905"}, follow=True)
    assert "успешно" in text_of(answer)
    assert portal_readings() == [1905]


def test_one_bad_of_two_sends_none_and_keeps_both(owner_client, path, account, meter):
    second = make_meter(account, "m-2", serial_number="555", model="Гранд")
    data = {"shown": "yes", f"value_{meter.pk}": "1905", f"value_{second.pk}": "x"}
    page = text_of(owner_client.post(path, data))
    assert 'value="1905"' in page and 'value="x"' in page
    assert portal_readings() == []


def test_somebody_elses_meter_is_no_field(owner_client, path, meter):
    foreign = make_meter(make_account("900"), "m-9", serial_number="9")
    page = text_of(owner_client.post(path, {"shown": "yes", f"value_{foreign.pk}": "7"}))
    assert "здесь больше нет" in page
    assert portal_readings() == []


def test_a_meter_that_went_while_the_page_was_open_is_shown(owner_client, path, account, meter):
    """An acknowledgement of the other one alone would look as if both had arrived."""
    second = make_meter(account, "m-2", serial_number="555", removed_on=datetime.date(2026, 1, 31))
    data = {"shown": "yes", f"value_{meter.pk}": "1905", f"value_{second.pk}": "7"}
    page = text_of(owner_client.post(path, data))
    assert "здесь больше нет" in page and 'value="1905"' in page
    assert not Submission.objects.exists()
    owner_client.post(path, data | {f"value_{second.pk}": " "})
    assert portal_readings() == [1905]


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ([], "meter"),
        ([NewReading(0, 1)], "meter"),
        ([NewReading(-1, 100_000)], "digits"),
        ([NewReading(-1, -1)], "digits"),
        ([NewReading(-1, 3)], "lower"),
        ([NewReading(-1, 3, "because")], "lower"),
    ],
)
def test_the_service_refuses_too(account, meter, readings, reason):
    readings = [
        NewReading(meter.pk if r.meter_pk < 0 else 0, r.value, r.lower_reason) for r in readings
    ]
    with pytest.raises(ReadingRefused) as refused:
        readings_submit(account_pk=account.pk, readings=readings, channel="cabinet")
    assert refused.value.reason == reason
    assert portal_readings() == []


@pytest.mark.parametrize("what", ["closed", "removed"])
def test_a_closed_account_and_a_removed_meter_take_none(owner_client, path, account, meter, what):
    day = datetime.date(2026, 1, 31)
    if what == "closed":
        account.closed_on = day
        account.save()
    else:
        meter.removed_on = day
        meter.save()
    for shown in ("yes", ""):
        answer = owner_client.post(path, {"shown": shown, f"value_{meter.pk}": "1905"})
        assert "не переданы" in text_of(answer)
    assert portal_readings() == [] and not Submission.objects.exists()
    with pytest.raises(ReadingRefused):
        readings_submit(
            account_pk=account.pk, readings=[NewReading(meter.pk, 1905)], channel="cabinet"
        )


def test_billings_reading_of_the_day_is_shown_and_the_portals_kept(account, meter, clock):
    clock.at("2026-11-20T12:00")
    day = timezone.localdate()
    readings_submit(account_pk=account.pk, readings=[NewReading(meter.pk, 1905)], channel="guest")
    make_reading(meter, 1907, day, source="обход")
    history = reading_history(account)
    assert [(row.value, row.source_label) for row in history[:1]] == [(1907, "обход")]
    assert portal_readings() == [1905]


def test_history_tells_consumption_over_the_zero(account, meter):
    make_reading(meter, 99_998, datetime.date(2025, 1, 20))
    make_reading(meter, 3, datetime.date(2025, 2, 20), lower_reason="rolled_over")
    make_reading(meter, 1, datetime.date(2025, 3, 20))
    assert [row.consumption for row in reading_history(account)[:3]] == [None, 5, 98_098]


def test_a_page_costs_the_same_with_many_meters(
    owner_client, path, account, django_assert_max_num_queries
):
    owner_client.get(path)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner_client.get(path).status_code == 200
        return len(captured)

    one = queries()
    for number in range(49):
        extra = make_meter(account, f"x{number}", serial_number=f"{number}")
        for month in range(1, 13):
            make_reading(extra, month, datetime.date(2025, month, 1))
    assert queries() == one


def test_rollover_vector():
    """The dial of facts.md: 99 998 → 00 003 on five digits is 5 m³."""
    assert consumption(Decimal(99_998), Decimal(3), 5, rolled_over=True) == 5


@given(st.integers(1, 9), st.data())
def test_consumption_is_never_negative_nor_more_than_the_dial(digits, data):
    last, new = (data.draw(st.integers(0, 10**digits - 1)) for _ in range(2))
    used = consumption(Decimal(last), Decimal(new), digits, rolled_over=new < last)
    assert 0 <= used < 10**digits
    assert (last + used) % 10**digits == new


@given(st.integers(0, 99_999), st.integers(0, 5), st.sampled_from(["", " ", "\u00a0"]))
def test_a_number_is_read_however_it_is_spaced(value, zeros, space):
    text = "0" * zeros + str(value)
    assert reading_value(space + text[:2] + space + text[2:] + space, 5) == value


@given(st.text(max_size=50))
def test_any_text_is_read_or_refused_in_words(text):
    from django.core.exceptions import ValidationError

    try:
        value = reading_value(text, 5)
    except ValidationError:
        return
    assert value is None or 0 <= value < 100_000


def test_an_acknowledgement_is_the_accounts_own(
    owner_client, path, account, meter, stranger, pskov
):
    from tests.support.factories import PSKOV_HOST, logged_in, make_link

    sent = owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905"})
    query = urlsplit(sent.headers["Location"]).query
    other = make_link(stranger, pskov, make_account("900"))
    client = logged_in(stranger, PSKOV_HOST)
    page = text_of(client.get(f"/cabinet/{other.pk}/readings/?{query}"))
    assert "успешно" not in page and "1905" not in without_ids(page)


def test_a_meter_removed_between_page_and_answer_is_shown(owner_client, path, meter, monkeypatch):
    from cabinet.meters import views

    def changed(**_):
        raise ReadingRefused(meter.pk, "meter")

    monkeypatch.setattr(views, "readings_submit", changed)
    page = text_of(owner_client.post(path, {"shown": "yes", f"value_{meter.pk}": "1905"}))
    assert "показание не принято" in page and 'value="1905"' in page


def test_a_number_of_an_account_with_letters_names_its_file(owner_client, path, account, link):
    for one in (account, link):
        type(one).objects.filter(pk=one.pk).update(account_number="ЛС-1")
    header = owner_client.get(f"{path}history.csv").headers["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''pokazaniya-%D0%9B%D0%A1-1.csv"
