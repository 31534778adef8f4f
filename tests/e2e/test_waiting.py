"""An appointment from the waiting list in a browser: nothing is free, then somebody cancels."""

import datetime
import re

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.appointments.lifecycle.changing import appointment_cancel
from cabinet.appointments.models import Appointment, AppointmentService
from cabinet.appointments.selectors import days_free
from cabinet.appointments.waiting.offers import waiting_offer
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible
from tests.support.waiting import day_filled, desk_open, half_hour


@pytest.fixture
def full(own_db) -> list[Appointment]:
    """All windows of a day to come that is no holiday, not too near."""
    with schema_context("pskov"):
        AppointmentService.objects.all().delete()
        desk, first = desk_open(), timezone.localdate() + datetime.timedelta(days=2)
        days = days_free(desk.centre, half_hour(), first, first + datetime.timedelta(days=19))
        return day_filled(desk, next(one.day for one in days if one.windows))


def last_text(kind: str) -> str:
    with schema_context("pskov"):
        return Message.objects.filter(kind=kind).latest("created_at").text


@BY_TELEPHONE
def test_from_a_full_day_to_the_ticket(page: Page, pskov_site, full) -> None:
    day = timezone.localdate(full[0].starts_at).isoformat()
    page.goto(f"{pskov_site}/guest/appointment/")
    page.get_by_role("link", name="лист ожидания").click()
    page.get_by_label("С какого дня").fill(day)
    page.get_by_label("По какой день").fill(day)
    assert_accessible(page)
    page.get_by_role("button", name="Получить код").click()
    expect(page.get_by_role("alert")).to_contain_text("Укажите имя")
    assert_accessible(page)
    page.get_by_label("Как к вам обращаться").fill("Нина")
    page.get_by_label("Телефон или электронная почта").fill("8 911 123-45-67")
    page.get_by_label("Даю согласие").check()
    page.get_by_label("Я не робот").fill("human")
    page.get_by_role("button", name="Получить код").click()
    code = re.search(r"\d{3}\s?\d{3}", last_text("appointment_code"))[0]
    assert_accessible(page)
    page.get_by_label("Код из СМС").fill(code)
    page.get_by_role("button", name="Встать в лист ожидания").click()
    expect(page.get_by_text("Вы ждёте")).to_be_visible()
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        appointment_cancel(appointment_pk=full[2].pk)
        assert waiting_offer(full[2].centre_id) == 1
    path = re.search(r"/appointment/offer/\S+/", last_text("window_offered"))[0]
    page.goto(f"{pskov_site}{path}")
    expect(page.get_by_text("Держим это время за вами")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Приду в это время").click()
    with schema_context("pskov"):
        booked = Appointment.objects.get(source="waiting")
    assert (booked.state, booked.starts_at) == ("booked", full[2].starts_at)
    spoken = rf"{booked.number[:3]}\s{booked.number[3:6]}\s{booked.number[6:]}"
    expect(page.get_by_text(re.compile(spoken))).to_be_visible()
