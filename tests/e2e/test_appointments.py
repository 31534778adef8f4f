"""An appointment of a guest in a browser: from nothing to its ticket, moved, then cancelled."""

import re

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.appointments.models import Appointment, AppointmentService
from portal.messaging.models import Message
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible
from tests.support.appointments import make_queue, make_service

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 800}


@pytest.fixture
def centres(own_db) -> None:
    """Two centres, the first one with desks that serve two things."""
    with schema_context("pskov"):
        AppointmentService.objects.all().delete()
        make_service("Перерасчёт", hint="Возьмите квитанцию.")
        make_service("Опломбировка")
        make_queue(code="first", name="Центральный")
        make_queue(code="second", name="Островский")


def in_pskov() -> Appointment:
    with schema_context("pskov"):
        return Appointment.objects.get()


def code_of_last_message() -> str:
    with schema_context("pskov"):
        text = Message.objects.filter(kind="appointment_code").latest("created_at").text
    return re.search(r"\d{3}\s?\d{3}", text)[0]


def assert_fits(page: Page) -> None:
    """At both widths."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert_accessible(page)


@BY_TELEPHONE
def test_from_nothing_to_a_ticket_moved_then_cancelled(page: Page, pskov_site, centres) -> None:
    page.goto(f"{pskov_site}/cabinet/login/")
    page.get_by_role("link", name="Запись на приём").first.click()
    assert_fits(page)
    page.get_by_role("link", name="Центральный").click()
    assert_fits(page)
    page.get_by_role("link", name="Перерасчёт").click()
    expect(page.get_by_role("heading", name="Когда вам удобно?")).to_be_visible()
    assert_fits(page)
    # The second free day, so that no time of it is too near.
    second_day = page.locator("a.days__day").nth(1)
    day = str(second_day.get_attribute("href")).split("/")[-2]
    second_day.click()
    assert_fits(page)
    page.get_by_role("link", name="10:00", exact=True).click()
    expect(page.get_by_text("Центральный")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="09:30", exact=True).click()
    page.get_by_role("button", name="Получить код").click()
    expect(page.get_by_role("alert")).to_contain_text("Укажите, как к вам обращаться.")
    assert_fits(page)
    page.get_by_label("Как к вам обращаться").fill("Нина")
    page.get_by_label("Телефон").fill("8 911 123-45-67")
    page.get_by_label("С чем придёте").fill("Акт сверки")
    page.get_by_label("Даю согласие").check()
    page.get_by_label("Я не робот").fill("human")
    page.get_by_role("button", name="Получить код").click()

    expect(page.get_by_text("Время держим за вами")).to_be_visible()
    expect(page.get_by_role("button", name="Отправить ещё раз")).to_be_disabled()
    assert_fits(page)
    page.get_by_label("Код из СМС").fill(code_of_last_message())
    page.get_by_role("button", name="Записаться").click()

    booked = in_pskov()
    spoken = rf"{booked.number[:3]}\s{booked.number[3:6]}\s{booked.number[6:]}"
    expect(page.get_by_text(re.compile(spoken))).to_be_visible()
    assert_fits(page)
    first = page.url
    page.get_by_role("link", name="Перенести").click()
    assert_fits(page)
    page.locator(f"a.days__day[href*='{day}']").click()
    page.get_by_role("link", name="10:30", exact=True).click()
    page.get_by_role("button", name="Перенести").click()
    expect(page.get_by_text("10:30").first).to_be_visible()
    assert page.url != first
    moved = in_pskov()
    assert (moved.number, f"{timezone.localtime(moved.starts_at):%H:%M}") == (
        booked.number,
        "10:30",
    )
    page.get_by_role("link", name="Отменить запись").click()
    page.get_by_role("button", name="Отменить запись").click()
    expect(page.get_by_role("heading", name="Запись отменена")).to_be_visible()
    assert in_pskov().state == "cancelled"
