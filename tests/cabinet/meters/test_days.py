"""A day is the company's: tests at a month's end in Kaliningrad and Kamchatka."""

import datetime

import pytest
from django.test import Client

from cabinet.meters.models import Reading
from tenants.models import GasCompany
from tests.support.factories import NOVGOROD_HOST, text_of
from tests.support.guest_readings import account_path, find

# 23:30 on 31 October in Kaliningrad, 00:30 on 1 November in Moscow, 09:30 in Kamchatka.
MONTHS_END = datetime.datetime(2026, 10, 31, 21, 30, tzinfo=datetime.UTC)


@pytest.fixture(params=[("Europe/Kaliningrad", "31 октября"), ("Asia/Kamchatka", "1 ноября")])
def place(request, pskov, clock) -> tuple[datetime.date, str]:
    zone, day = request.param
    pskov.time_zone = zone
    pskov.save()
    GasCompany.objects.filter(schema_name="novgorod").update(time_zone="Europe/Moscow")
    clock.at(MONTHS_END)
    return datetime.date(2026, 10, 31) if day.startswith("31") else datetime.date(2026, 11, 1), day


def test_in_the_cabinet(place, owner, account, pskov):
    from tests.support.factories import PSKOV_HOST, logged_in, make_link

    day, text = place
    client = logged_in(owner, PSKOV_HOST)
    link = make_link(owner, pskov, account)
    path = f"/cabinet/{link.pk}/readings/"
    answer = client.post(
        path, {"shown": "yes", f"value_{account.meters.get().pk}": "1905"}, follow=True
    )
    assert Reading.objects.get(origin="portal").taken_on == day
    assert f"Показание на {text}" in text_of(answer)


def test_from_another_companys_host(place, account):
    day, text = place
    browser = Client(headers={"host": NOVGOROD_HOST})
    address = account_path(find(browser))
    answer = browser.post(
        address,
        {f"value_{account.meters.get().pk}": "1905"},
        follow=True,
    )
    assert Reading.objects.get(origin="portal").taken_on == day
    page = text_of(answer)
    assert f"Показание на {text}" in page
    assert f"Принято {text}" in page  # in the company's time, not the host's
