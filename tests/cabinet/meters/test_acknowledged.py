"""A reading is corrected until billing has acknowledged it; days that accept none."""

import datetime

import pytest
from django.utils import timezone

from cabinet.meters.models import Submission
from cabinet.meters.readings.services import NewReading, ReadingRefused, readings_submit
from tests.support.billing import readings_acknowledge
from tests.support.factories import make_reading, text_of
from tests.support.readings import portal_values, sent


def test_until_billing_acknowledges_it_it_is_corrected_and_then_not(
    owner_client, path, account, meter
):
    owner_client.post(path, sent(meter, 1905))
    assert "оно заменит прежнее" in text_of(owner_client.get(path))
    readings_acknowledge()
    assert "уже ушло в расчёт" in text_of(owner_client.get(path))
    page = text_of(owner_client.post(path, sent(meter, 1906)))
    assert "исправить его здесь нельзя" in page and 'value="1906"' in page
    assert portal_values() == [1905] and Submission.objects.count() == 1
    with pytest.raises(ReadingRefused) as refused:
        readings_submit(
            account_pk=account.pk, readings=[NewReading(meter.pk, 1906)], channel="cabinet"
        )
    assert refused.value.reason == "acknowledged"


def test_what_billing_acknowledged_yesterday_stops_nobody_today(owner_client, path, meter, clock):
    clock.at("2026-11-20T12:00")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    readings_acknowledge(make_reading(meter, 1901, yesterday, origin="portal", source="cabinet"))
    owner_client.post(path, sent(meter, 1905))
    assert sorted(portal_values()) == [1901, 1905]


@pytest.mark.parametrize("day", [datetime.date(2099, 1, 1), datetime.date(2020, 1, 1)])
def test_a_day_to_come_or_long_ago(account, meter, day):
    with pytest.raises(ReadingRefused) as refused:
        readings_submit(
            account_pk=account.pk,
            readings=[NewReading(meter.pk, 1905)],
            channel="cabinet",
            taken_on=day,
        )
    assert refused.value.reason == "day"
