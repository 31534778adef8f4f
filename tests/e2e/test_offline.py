"""The cabinet without signal: kept on the telephone, said so, sent once, nobody else's business."""

import datetime
import re

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Dialog, Page, expect

from cabinet.meters.models import Reading, Submission
from tenants.models import GasCompany
from tests.e2e.conftest import assert_accessible
from tests.factories import (
    PASSWORD,
    make_account,
    make_link,
    make_meter,
    make_reading,
    make_subscriber,
    make_tariff,
)

pytestmark = pytest.mark.service_worker

KEPT = "Сохранено на телефоне, ещё НЕ отправлено"
ARRIVED = "Показания с телефона приняты"
# As in Safari and Firefox.
NO_SYNC = "delete ServiceWorkerRegistration.prototype.sync"


@pytest.fixture
def section(port: int, pskov_site: str) -> str:
    """The address of Nina's readings; Boris, who has an account of his own, may take her telephone."""
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


def wait_until_sent(page: Page) -> None:
    for _ in range(40):
        if sent():
            return
        page.wait_for_timeout(250)


def test_typed_without_signal_kept_and_sent_once(page: Page, section: str) -> None:
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("019o5")
    send(page)
    expect(page.get_by_text("Введите показание цифрами")).to_be_visible()
    assert_accessible(page)
    dial(page).fill("01905")
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_text("счётчик № …6852: 1905 м³")).to_be_visible()
    expect(page.get_by_text("Показания успешно переданы")).to_have_count(0)
    assert_accessible(page)
    assert sent() == []
    page.context.set_offline(False)
    expect(page.get_by_text(ARRIVED)).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert_accessible(page)
    assert sent() == [1905]
    page.get_by_role("link", name="Открыть подтверждение").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Подтверждение передачи показаний")
    page.goto(section)
    expect(page.get_by_text(ARRIVED)).to_have_count(0)
    assert sent() == [1905]


def test_the_app_opens_without_signal(page: Page, section: str, pskov_site: str) -> None:
    enter(page, section)
    page.context.set_offline(True)
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Нет связи")
    expect(page.get_by_role("heading", level=2)).to_have_text("Лицевой счёт …5107")
    expect(page.get_by_text("Счётчик № …6852")).to_be_visible()
    assert_accessible(page)
    keep = page.get_by_role("button", name="Сохранить на телефоне")
    dial(page).fill("1805")
    keep.click()
    expect(page.get_by_text("Это меньше прошлого показания (1900 м³)")).to_be_visible()
    assert_accessible(page)
    dial(page).fill("1904")
    keep.click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    # A slip of the finger, seen before there is signal: the later number is the one that goes.
    dial(page).fill("1905")
    keep.click()
    expect(page.get_by_text("1905 м³")).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(1)
    dial(page, "Гранд-6").fill("9005")
    keep.click()
    expect(page.get_by_text("9005 м³")).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(1)
    expect(page.get_by_text("1905 м³")).to_be_visible()
    assert_accessible(page)
    page.context.set_offline(False)
    expect(page.get_by_text(ARRIVED)).to_be_visible()
    assert_accessible(page)
    with schema_context("pskov"):
        assert sorted(int(r.value) for r in Reading.objects.filter(origin="portal")) == [1905, 9005]
        assert Submission.objects.count() == 1
    expect(page.get_by_role("heading", level=1)).to_have_text("Связь появилась")
    page.get_by_role("link", name="Открыть кабинет").click()
    expect(page.get_by_text("Связь появилась")).to_have_count(0)


def test_a_tab_that_was_closed_and_one_more(page: Page, section: str) -> None:
    page.add_init_script(NO_SYNC)
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    # The answer is lost on its way, as when the tab is closed at that moment.
    page.evaluate(
        "const real = fetch; window.fetch = async (address, options) => {"
        "const answer = await real(address, options);"
        "if (options.method) throw new Error('lost'); return answer; }; true"
    )
    page.context.set_offline(False)
    wait_until_sent(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert sent() == [1905]
    one, other = page.context.new_page(), page.context.new_page()
    for tab in (one, other):
        tab.goto(section, wait_until="commit")
    expect(one.get_by_text("1905 м³").first).to_be_visible()
    page.wait_for_timeout(500)
    page.goto(section)
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert sent() == [1905]


def test_a_question_is_answered_in_the_form(page: Page, section: str) -> None:
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("100")
    send(page)
    expect(page.get_by_text("Это меньше прошлого показания")).to_be_visible()
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Показание с телефона не принято")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Проверить и отправить").click()
    expect(dial(page)).to_have_value("100")
    send(page)
    page.get_by_label("Счётчик заменили").check()
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    expect(page.get_by_text("Показание с телефона не принято")).to_have_count(0)
    assert sent() == [100]


def test_leaving_asks_and_wipes(page: Page, section: str, pskov_site: str) -> None:
    page.add_init_script(NO_SYNC)
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.route("**/cabinet/kept/", lambda route: route.fulfill(status=200, body="{}"))
    page.context.set_offline(False)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    leave(page)
    for _ in range(40):
        if not asked:
            page.wait_for_timeout(100)
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert "неотправленное показание" in asked[0].replace("\xa0", " ")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Личный кабинет")
    page.unroute("**/cabinet/kept/")
    page.context.set_offline(True)
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_text("Этот телефон ещё не знает ваших счётчиков")).to_be_visible()
    expect(page.get_by_text("1905")).to_have_count(0)
    page.context.set_offline(False)
    enter(page, section)
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert sent() == []


def test_after_the_session_it_waits_for_its_owner(
    page: Page, section: str, pskov_site: str
) -> None:
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Отправим, когда вы войдёте в кабинет")).to_be_visible()
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_text("На этом телефоне есть неотправленное показание")).to_be_visible()
    expect(page.get_by_text("1905")).to_have_count(0)
    assert_accessible(page)
    enter(page, f"{pskov_site}/cabinet/login/", "boris@mail.ru")
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_text("неотправленное")).to_have_count(0)
    expect(page.get_by_text("1905")).to_have_count(0)
    leave(page)  # nothing of Boris's is unsent: no question
    expect(page.get_by_role("heading", level=1)).to_have_text("Личный кабинет")
    assert sent() == []
    enter(page, section)
    expect(page.get_by_text(ARRIVED)).to_be_visible()
    assert sent() == [1905]


def test_a_signal_that_only_seems_to_be_there(page: Page, section: str) -> None:
    enter(page, section)
    page.route("**/cabinet/kept/", lambda route: route.fulfill(status=200, body="<html>"))
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.unroute("**/cabinet/kept/")
    page.reload()
    expect(page.get_by_text(ARRIVED)).to_be_visible()
    assert sent() == [1905]


def test_with_signal_nothing_stays_on_the_telephone(page: Page, section: str) -> None:
    enter(page, section)
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    page.wait_for_load_state("networkidle")
    kept = page.evaluate(
        "new Promise(done => { indexedDB.open('cabinet').onsuccess = e => { e.target.result"
        ".transaction('readings').objectStore('readings').count().onsuccess = c => done(c.target.result) } })"
    )
    assert kept == 0 and sent() == [1905]
    # Nothing of a person is among what the worker keeps.
    addresses = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name)"
        ".then(one => one.keys()).then(all => all.map(r => new URL(r.url).pathname))))).then(a => a.flat())"
    )
    assert [one for one in addresses if one.startswith("/cabinet/")] == ["/cabinet/offline/"]


def test_where_browsers_can_it_goes_without_a_page(page: Page, section: str) -> None:
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    wait_until_sent(page)
    assert sent() == [1905]
    page.goto(section)
    expect(page.get_by_text(ARRIVED)).to_be_visible()
    assert sent() == [1905]
