"""Values that no dial can show, that are unlike the past, that follow a fraction or an estimate."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.meters.history.table import reading_history
from cabinet.meters.models import Reading, ReadingSettings, Submission
from cabinet.meters.readings.capacity import hourly_maximum
from cabinet.meters.readings.services import NewReading, ReadingRefused, readings_submit
from tests.cabinet.meters.offline.conftest import DAY, bring
from tests.support.factories import make_account, make_reading, staff_client, text_of
from tests.support.readings import portal_values, sent

TODAY = datetime.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today(clock):
    clock.at("2026-11-20T12:00")


def days_ago(count: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=count)


def submit(meter, value: int, reason: str = "", *, confirmed: bool = True, channel="cabinet"):
    new = NewReading(meter.pk, value, reason, confirmed=confirmed)
    return readings_submit(account_pk=meter.account_id, readings=[new], channel=channel)


def refusal(meter, value: int, reason: str = "", **more) -> str:
    with pytest.raises(ReadingRefused) as refused:
        submit(meter, value, reason, **more)
    assert not Submission.objects.exists() and portal_values() == []
    return refused.value.reason


@pytest.mark.parametrize(
    ("model", "hourly"),
    [
        ("ВК Арзамас G4T", "6"),
        ("BK-G4T", "6"),
        ("СГД G-4", "6"),
        ("ВК-Г4", "6"),
        ("вк g4т", "6"),
        ("Ｇ４", "6"),
        ("BKG4", "6"),
        ("NPM G1,6", "2.5"),
        ("NPM G1.6", "2.5"),
        ("NPM-G-2,5", "4"),
        ("BK-G6", "10"),
        ("BK G10T", "16"),
        ("G16", "25"),
        ("ВК-G25", "40"),
        ("BK-G40", "65"),
        ("RVG G100", "160"),
        ("Гранд-1,6", None),
        ("СГ-16М-100", None),  # the sixteen is pressure
        ("G41", None),
        ("Омега", None),
        ("", None),
    ],
)
def test_the_size_is_read_however_it_is_written(model, hourly):
    assert hourly_maximum(model) == (hourly and Decimal(hourly))


@given(st.text())
def test_any_model_has_a_size_or_none(model):
    assert hourly_maximum(model) is None or hourly_maximum(model) >= Decimal("2.5")


@pytest.mark.parametrize("channel", ["cabinet", "guest"])
def test_more_than_the_meter_can_carry_is_refused_whatever_was_confirmed(meter, channel):
    make_reading(meter, 2000, days_ago(9))
    assert refusal(meter, 2000 + 6 * 24 * 10 + 1, channel=channel) == "impossible"
    assert refusal(meter, 2000 + 6 * 24 * 10, channel=channel, confirmed=False) == "unlikely"
    submit(meter, 2000 + 6 * 24 * 10, channel=channel)
    assert portal_values() == [3440]


def test_one_day_after_billings_of_the_same_day(meter):
    make_reading(meter, 2000, TODAY)
    assert refusal(meter, 2145) == "impossible"
    submit(meter, 2000)
    assert portal_values() == [2000]


def test_without_a_size_the_largest_of_a_home_or_the_accounts_own_past(meter):
    meter.model = "Омега"
    meter.save()
    make_reading(meter, 2000, days_ago(9))
    assert refusal(meter, 2000 + 40 * 24 * 10 + 1) == "impossible"
    Reading.objects.all().delete()
    for back in range(1, 5):  # a boiler house: 30 000 m³ a month
        make_reading(meter, 99_000 - 30_000 * (back - 1), days_ago(30 * back - 21))
    meter.digits = 6
    meter.save()
    submit(meter, 99_000 + 12_000)
    assert portal_values() == [111_000]


def test_over_the_zero_on_one_past_reading_only_if_so_much_can_be(owner_client, path, meter):
    make_reading(meter, 1910, days_ago(5))
    assert refusal(meter, 3, "rolled_over") == "impossible"
    answer = {f"lower_{meter.pk}": "rolled_over", f"confirm_{meter.pk}": "3"}
    page = text_of(owner_client.post(path, sent(meter, 3, **answer)))
    assert "98 093 м³" in page and "выберите другой ответ" in page and portal_values() == []
    make_reading(meter, 99_990, days_ago(4))
    submit(meter, 3, "rolled_over")
    assert portal_values() == [3]


def test_a_first_reading_is_confirmed_when_it_is_more_than_since_the_meter_was_put_up(meter):
    Reading.objects.all().delete()
    meter.installed_on = days_ago(9)
    meter.save()
    assert refusal(meter, 1500, confirmed=False) == "unlikely"
    submit(meter, 1500)  # it has served elsewhere
    assert portal_values() == [1500]


@pytest.mark.parametrize(
    ("last", "typed", "used"),
    [("1934.567", 1934, 0), ("1934.567", 1935, Decimal("0.433")), ("1934.000", 1934, 0)],
)
def test_billings_fraction_is_on_no_dial(owner_client, path, meter, account, last, typed, used):
    make_reading(meter, Decimal(last), days_ago(30))
    owner_client.post(path, sent(meter, typed))
    assert portal_values() == [typed] and Reading.objects.get(origin="portal").lower_reason == ""
    assert reading_history(account)[0].consumption == used


def test_nothing_after_a_quarter_of_a_cubic_metre(meter):
    Reading.objects.all().delete()
    make_reading(meter, Decimal("0.25"), days_ago(30))
    submit(meter, 0, confirmed=False)
    assert portal_values() == [0]


# --- after an estimate ------------------------------------------------------------------------------


@pytest.fixture
def estimated(meter):
    """1910 by the dial in September, 2300 by norm in October."""
    make_reading(meter, 1910, days_ago(60), source="личный кабинет")
    make_reading(meter, 2300, days_ago(30), source="По нормативу")
    return meter


@pytest.mark.parametrize("channel", ["cabinet", "guest"])
def test_a_lower_true_value_is_taken_as_it_is(estimated, account, channel):
    submit(estimated, 1950, channel=channel, confirmed=False)
    reading = Reading.objects.get(origin="portal")
    assert (reading.value, reading.lower_reason) == (1950, "estimated")
    assert [row.consumption for row in reading_history(account)][:2] == [None, 390]


def test_the_page_says_so_and_asks_nothing(owner_client, path, estimated):
    assert "Прошлое показание рассчитано компанией" in text_of(owner_client.get(path))
    page = text_of(owner_client.post(path, sent(estimated, 1950), follow=True))
    assert "успешно" in page and portal_values() == [1950]


def test_it_is_compared_with_what_a_dial_has_shown_last(estimated):
    assert refusal(estimated, 1909) == "lower"
    assert refusal(estimated, 1909, "estimated") == "lower"  # nobody answers that
    assert refusal(estimated, 1910 + 6 * 24 * 61 + 1) == "impossible"
    # More than can be since the calculated one, and yet it can be since the true one.
    submit(estimated, 1910 + 6 * 24 * 61)


def test_one_above_the_estimate_costs_the_difference(estimated, account):
    submit(estimated, 2310)
    assert reading_history(account)[0].consumption == 10


def test_with_no_true_one_before(meter):
    Reading.objects.all().delete()
    make_reading(meter, 2300, days_ago(30), source="среднее")
    submit(meter, 5, confirmed=False)
    assert Reading.objects.get(origin="portal").lower_reason == "estimated"


@pytest.mark.parametrize(
    ("source", "is_calculated"),
    [
        ("расчётное", True),
        ("РАСЧЕТНОЕ показание", True),
        ("Начислено по среднему", True),
        ("среднемесячный расход", True),
        ("норматив потребления", True),
        ("Estimated", True),
        ("личный кабинет", False),
        ("расчётный центр", False),
        ("", False),
    ],
)
def test_the_without_ids_billing(source, is_calculated):
    assert ReadingSettings().is_calculated(source) == is_calculated


def test_the_words_are_the_companys(estimated, company_administrator, editor):
    address = "/admin/settings/meters/readingsettings/"
    boss = staff_client(company_administrator)
    address = boss.get(address, follow=True).redirect_chain[-1][0]
    assert "короткое" in text_of(boss.post(address, {"calculated_words": "по"}))
    boss.post(address, {"calculated_words": "досчитано\nсреднее"})
    assert ReadingSettings.objects.get().calculated_words == "досчитано\nсреднее"
    assert staff_client(editor).get(address).status_code == 302
    assert refusal(estimated, 1950) == "lower"
    Reading.objects.filter(value=2300).update(source="Досчитано")
    submit(estimated, 1950)


# --- what a device has brought ----------------------------------------------------------------------


def test_a_draft_is_judged_like_the_form(owner_client, path, meter):
    make_reading(meter, 2000, days_ago(9))
    more = {f"confirm_{meter.pk}": "90000"}
    answer = bring(owner_client, path, meter, 90_000, **more).json()
    assert answer["status"] == "asks" and "пропустить не" in answer["text"]
    unlikely = bring(owner_client, path, meter, 3200).json()
    assert unlikely["status"] == "asks" and "именно" in unlikely["text"]
    other = bring(owner_client, path, meter, 3201, **{f"confirm_{meter.pk}": "3200"}).json()
    assert other["status"] == "asks" and portal_values() == []
    ticked = bring(owner_client, path, meter, 3200, **{f"confirm_{meter.pk}": "3200"}).json()
    assert ticked["status"] == "accepted" and portal_values() == [3200]


def test_a_late_draft_between_two_readings_is_not_compared_with_an_estimate(
    owner_client, path, estimated
):
    make_reading(estimated, 1940, days_ago(2), source="расчётное")
    assert bring(owner_client, path, estimated, 1950, age=3 * DAY).json()["status"] == "accepted"
    make_reading(estimated, 1955, days_ago(1), source="контролёр")
    assert bring(owner_client, path, estimated, 1956, age=4 * DAY).json()["status"] == "asks"


def test_a_meter_of_another_account_tells_nothing(estimated):
    other = make_account("900002")
    with pytest.raises(ReadingRefused) as refused:
        readings_submit(
            account_pk=other.pk, readings=[NewReading(estimated.pk, 99_999)], channel="guest"
        )
    assert refused.value.reason == "meter"
