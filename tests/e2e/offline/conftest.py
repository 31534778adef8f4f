"""Nina's device, on which the cabinet is installed; Boris may take it."""

import datetime
import re

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.meters.models import Reading, Submission
from tenants.models import GasCompany
from tests.e2e.conftest import wait_until
from tests.support.factories import (
    PASSWORD,
    make_account,
    make_link,
    make_meter,
    make_reading,
    make_subscriber,
    make_tariff,
)

KEPT = "Сохранено, но ещё не отправлено"
ARRIVED = "Сохранённые показания приняты"
# As in Safari and Firefox.
NO_SYNC = "delete ServiceWorkerRegistration.prototype.sync"


@pytest.fixture
def section(port: int, pskov_site: str) -> str:
    """The address of Nina's readings; Boris, who has an account of his own, may take her device."""
    nina, boris = make_subscriber("nina@mail.ru"), make_subscriber("boris@mail.ru")
    pskov = GasCompany.objects.get(schema_name="pskov")
    with schema_context("pskov"):
        account, other = make_account(), make_account("900001")
        make_tariff()
        second = make_meter(account, "m-2", model="Гранд-6", serial_number="99887766", digits=7)
        make_reading(second, 9000, timezone.localdate() - datetime.timedelta(days=30))
        make_meter(other, "m-3", serial_number="5", digits=5)
    make_link(boris, pskov, other)
    return f"{pskov_site}/cabinet/{make_link(nina, pskov, account).pk}/readings/"


def enter(page: Page, address: str, email: str = "nina@mail.ru") -> None:
    page.goto(address)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Личный кабинет")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state()
    if page.locator("[data-offline-form]").count():
        # From then on the form is the script's, and not sent by the browser itself.
        wait_until(page, lambda: remembered(page, "forms"))


def remembered(page: Page, store: str) -> int:
    """How many records of the device's memory, which the cabinet has made by now."""
    return page.evaluate(
        "store => new Promise(done => { indexedDB.open('cabinet').onsuccess = e => {"
        "const count = e.target.result.transaction(store).objectStore(store).count();"
        "count.onsuccess = () => { e.target.result.close(); done(count.result); } } })",
        store,
    )


def dial(page: Page, model: str = "ВК Арзамас G4T"):
    return page.get_by_role("textbox", name=re.compile(f"Введите показания счётчика {model}"))


def send(page: Page) -> None:
    page.get_by_role("button", name="Передать", exact=True).click()


def leave(page: Page) -> None:
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Выйти").click()


def sent() -> list[int]:
    with schema_context("pskov"):
        assert Submission.objects.count() == len(Reading.objects.filter(origin="portal"))
        return [int(one.value) for one in Reading.objects.filter(origin="portal")]


def arrived() -> bool:
    """For waiting: `sent` asks twice, and what it compares may come in between."""
    with schema_context("pskov"):
        return Reading.objects.filter(origin="portal").exists()
