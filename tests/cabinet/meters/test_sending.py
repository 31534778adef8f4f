"""What surrounds a reading that is sent: sums before it, questions, the acknowledgement."""

import datetime
import re
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.meters.models import GroupConsumption, Reading, Submission
from cabinet.meters.readings.services import NewReading, readings_submit
from portal.formats.dates import months_until
from portal.messaging.models import Message
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_meter,
    make_reading,
    make_tariff,
    text_of,
    without_ids,
)
from tests.support.readings import portal_values, sent

# --- before sending ---------------------------------------------------------------------------------


def test_without_javascript_sums_are_shown_first(owner_client, path, meter):
    make_tariff()
    page = text_of(owner_client.post(path, {f"value_{meter.pk}": "1905"}))
    assert "Проверьте показания" in page and "ещё не отправлены" in page
    assert re.search(r"5\s*м³", page) and "36,96 ₽" in page
    assert portal_values() == []
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    carried.pop("csrfmiddlewaretoken", None)
    back = text_of(owner_client.post(path, {**carried, "action": "edit"}))
    assert 'value="1905"' in back and portal_values() == []
    assert "успешно" in text_of(owner_client.post(path, carried, follow=True))
    assert portal_values() == [1905]


def test_over_the_zero_the_sums_are_those_of_the_vector(owner_client, path, meter):
    make_tariff(price="10")
    make_reading(meter, 99_998, datetime.date(2025, 1, 20))
    page = text_of(
        owner_client.post(path, {f"value_{meter.pk}": "00003", f"lower_{meter.pk}": "rolled_over"})
    )
    assert re.search(r"Расход</dt>\s*<dd>\s*5 м³", page) and "50,00 ₽" in page


@pytest.mark.parametrize(
    ("moment", "month", "other"),
    [
        ("2026-11-25T23:59", "ноябрь", "25 ноября"),
        ("2026-11-26T00:01", "декабрь", "25 декабря"),
        ("2026-12-20T12:00", "декабрь", "25 декабря"),
    ],
)
def test_the_page_says_which_month_it_counts_for(
    owner_client, path, meter, clock, moment, month, other
):
    clock.at(moment)
    page = text_of(owner_client.get(path))
    assert f"Учтём в расчёте за {month}, если" in page and other in page
    owner_client.post(path, sent(meter, 1905))
    page = text_of(owner_client.get(f"{path}sent/{Submission.objects.get().number}/"))
    assert f"войдёт в расчёт за {month}" in page


def test_until_which_day_is_a_legal_record_of_the_company(owner_client, path, pskov, clock):
    from tenants.models import LegalRecord

    LegalRecord.objects.create(
        company=pskov,
        code="readings_until_day",
        valid_from=datetime.date(2026, 1, 1),
        number=31,
        source="решение компании",
    )
    clock.at("2026-11-28T12:00")
    page = text_of(owner_client.get(path))
    assert "ноябрь" in page and "30 ноября" in page


# --- questions --------------------------------------------------------------------------------------


@pytest.fixture
def a_year(meter, clock):
    """10 m³ a month in summer, 100 in winter, for the last fourteen months."""
    clock.at("2026-11-20T12:00")
    value, day = 2000, timezone.localdate().replace(day=20)
    days = sorted(
        (day - datetime.timedelta(days=30 * back)).replace(day=20) for back in range(1, 15)
    )
    for one in days:
        value += 100 if one.month in (11, 12, 1, 2, 3) else 10
        make_reading(meter, value, one)
    return value


def test_an_unlikely_one_is_asked_about_once_and_then_believed(owner_client, path, meter, a_year):
    make_tariff()
    unlikely = a_year + 3000
    page = text_of(owner_client.post(path, sent(meter, unlikely)))
    assert "намного больше обычного" in page and portal_values() == []
    tick = re.search(rf'<input type="checkbox" name="confirm_{meter.pk}" value="(\d+)"', page)[1]
    assert tick == str(unlikely) and "Да, на счётчике именно" in page
    assert "3 000 м³" in page and "22 173,00 ₽" in page
    # The same button again is no answer, and another unlikely number is another question.
    confirm = {f"confirm_{meter.pk}": tick}
    for again in (sent(meter, unlikely), sent(meter, unlikely + 1, **confirm)):
        assert "намного больше" in text_of(owner_client.post(path, again))
    assert portal_values() == []
    owner_client.post(path, sent(meter, unlikely, **confirm))
    assert portal_values() == [unlikely]


def test_a_usual_one_is_not_asked_about(owner_client, path, meter, a_year):
    owner_client.post(path, sent(meter, a_year + 15))
    assert portal_values() == [a_year + 15]


def test_after_months_of_silence_the_usual_is_as_many_times_more(owner_client, path, meter, a_year):
    newest = timezone.localdate() - datetime.timedelta(days=130)
    Reading.objects.filter(taken_on__gt=newest).delete()
    value = int(Reading.objects.latest("taken_on").value)
    owner_client.post(path, sent(meter, value + 350))
    assert portal_values() == [value + 350]


def test_a_winter_without_readings_is_not_judged_by_the_summer_that_ends_it(
    owner_client, path, meter, clock
):
    clock.at("2026-07-20T12:00")
    Reading.objects.all().delete()
    value = 1000
    for month in months_until(datetime.date(2025, 12, 1), 14):  # 250 m³ in winter, 10 in summer
        value += 250 if month.month in (11, 12, 1, 2, 3) else 10
        make_reading(meter, value, month.replace(day=20))
    owner_client.post(path, sent(meter, value + 5000))
    assert portal_values() == []
    owner_client.post(path, sent(meter, value + 850))
    assert portal_values() == [value + 850]


def test_of_a_new_meter_the_group_tells(owner_client, path, meter, clock):
    clock.at("2026-11-20T12:00")
    Reading.objects.all().delete()
    make_reading(meter, 0, timezone.localdate() - datetime.timedelta(days=25))
    for month in range(1, 13):
        GroupConsumption.objects.create(
            tariff_code="heat",
            month_number=month,
            median=20,
            high=60,
            meters=50,
            counted_at=timezone.now(),
        )
    assert "намного больше" in text_of(owner_client.post(path, sent(meter, 900)))
    owner_client.post(path, sent(meter, 170))
    assert portal_values() == [170]


def test_a_dial_whose_digits_changed_since_the_page_was_opened(owner_client, path, meter):
    meter.digits = 6
    meter.save()
    stale = sent(meter, 1905, **{f"digits_{meter.pk}": "5"})
    page = text_of(owner_client.post(path, stale))
    assert "теперь у него цифр: 6" in page and 'value="1905"' in page
    assert portal_values() == []
    assert re.search(rf'name="digits_{meter.pk}"\s+value="6"', page)
    owner_client.post(path, stale | {f"digits_{meter.pk}": "6"})
    assert portal_values() == [1905]


# --- the acknowledgement ------------------------------------------------------------------------------------


def test_the_acknowledgement_has_a_number_and_is_found_again_by_it(
    owner_client, path, account, meter
):
    page = text_of(owner_client.post(path, sent(meter, 1905), follow=True))
    submission = Submission.objects.get()
    assert re.fullmatch(r"[1-9][0-9]{8}", submission.number)
    spoken = submission.spoken_number.replace("\xa0", " ")
    for text in (spoken, "1 905", "Принято", f"{path}sent/{submission.number}/"):
        assert text in page, text
    printable = text_of(owner_client.get(f"{path}sent/{submission.number}/"))
    for text in (spoken, "1 905", "07416852", account.address, "прошлое 1 900"):
        assert text in printable, text
    for typed in (submission.number, spoken, f"№ {spoken}", spoken.replace(" ", "-")):
        found = text_of(owner_client.get(path, {"number": typed}))
        assert "Показания приняты" in found and spoken in found, typed
    assert "с таким номером нет" in text_of(owner_client.get(path, {"number": "123"}))


def test_a_correction_is_an_acknowledgement_of_its_own_and_the_first_stays(
    owner_client, path, meter
):
    for value in (1950, 1905):
        owner_client.post(path, sent(meter, value))
    first, second = Submission.objects.order_by("pk")
    assert "1 950" in text_of(owner_client.get(f"{path}sent/{first.number}/"))
    assert "1 905" in text_of(owner_client.get(f"{path}sent/{second.number}/"))
    assert portal_values() == [1905]


def test_the_acknowledgement_comes_by_mail(owner_client, owner, path, meter):
    owner_client.post(path, sent(meter, 1905))
    letter = Message.objects.get(kind="readings_received")
    submission = Submission.objects.get()
    assert letter.recipient == owner.email
    for text in (submission.spoken_number, "1\u202f905", f"{path}sent/{submission.number}/"):
        assert text in letter.text, text


def test_the_same_page_sent_twice_is_one_submission(owner_client, path, meter):
    data = sent(meter, 1905, idempotency_key=str(uuid4()))
    places = {owner_client.post(path, data).headers["Location"] for _ in range(3)}
    assert len(places) == 1 and Submission.objects.count() == 1
    assert Message.objects.filter(kind="readings_received").count() == 1
    # By way of the back button, with another number: that is another submission.
    owner_client.post(path, data | {f"value_{meter.pk}": "1906"})
    assert Submission.objects.count() == 2 and portal_values() == [1906]


def test_a_late_double_does_not_undo_a_correction(owner_client, path, meter):
    first = sent(meter, 1950, idempotency_key=str(uuid4()))
    owner_client.post(path, first)
    owner_client.post(path, sent(meter, 1905, idempotency_key=str(uuid4())))
    owner_client.post(path, first)
    assert portal_values() == [1905]


def test_somebody_elses_idempotency_key_leads_to_nothing_of_theirs(owner_client, path, meter):
    other = make_account("900")
    foreign = make_meter(other, "m-9", serial_number="9")
    theirs = readings_submit(
        account_pk=other.pk, readings=[NewReading(foreign.pk, 7)], channel="guest"
    )
    answer = owner_client.post(path, sent(meter, 1905, idempotency_key=str(theirs.idempotency_key)))
    assert theirs.number not in answer.headers["Location"]
    assert sorted(portal_values()) == [7, 1905]


@pytest.mark.parametrize("page", ["sent/{number}/", "?number={number}", "?sent={number}"])
def test_a_strangers_acknowledgement(owner_client, path, meter, stranger, pskov, page):
    owner_client.post(path, sent(meter, 1905))
    number = Submission.objects.get().number
    other = make_link(stranger, pskov, make_account("900"))
    client = logged_in(stranger, PSKOV_HOST)
    answer = client.get(f"/cabinet/{other.pk}/readings/{page.format(number=number)}")
    assert answer.status_code == 404 or "1905" not in without_ids(answer)
    assert client.get(f"{path}{page.format(number=number)}").status_code == 404


def test_the_acknowledgement_on_another_companys_host(owner_client, owner, path, meter, novgorod):
    owner_client.post(path, sent(meter, 1905))
    client = logged_in(owner, NOVGOROD_HOST)
    assert client.get(f"{path}sent/{Submission.objects.get().number}/").status_code == 404


def test_readings_of_one_company_are_not_the_others(owner_client, path, meter):
    owner_client.post(path, sent(meter, 1905))
    with schema_context("novgorod"):
        assert not Submission.objects.exists() and not Reading.objects.exists()
