"""What a device keeps is nobody else's business: after leaving, after the session, after sending."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.conftest import BY_TELEPHONE, IN_BOTH_WIDTHS, assert_accessible, wait_until
from tests.e2e.offline.conftest import (
    ARRIVED,
    KEPT,
    NO_SYNC,
    dial,
    enter,
    leave,
    remembered,
    send,
    sent,
)

pytestmark = pytest.mark.service_worker


@BY_TELEPHONE
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
    wait_until(page, lambda: asked)
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert "неотправленное показание" in asked[0].replace("\xa0", " ")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Личный кабинет")
    page.unroute("**/cabinet/kept/")
    page.context.set_offline(True)
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_text("На этом устройстве ещё нет ваших счётчиков")).to_be_visible()
    expect(page.get_by_text("1905")).to_have_count(0)
    page.context.set_offline(False)
    enter(page, section)
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert sent() == []


@IN_BOTH_WIDTHS
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
    expect(page.get_by_text("На этом устройстве есть неотправленное показание")).to_be_visible()
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


@BY_TELEPHONE
def test_with_signal_nothing_stays_on_the_device(page: Page, section: str) -> None:
    enter(page, section)
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    wait_until(page, lambda: remembered(page, "readings") == 0)
    assert sent() == [1905]
    # Nothing of a person is among what the worker keeps.
    addresses = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name)"
        ".then(one => one.keys()).then(all => all.map(r => new URL(r.url).pathname))))).then(a => a.flat())"
    )
    assert [one for one in addresses if one.startswith("/cabinet/")] == ["/cabinet/offline/"]
