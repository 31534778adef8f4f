"""The cabinet without signal: kept on the device, said so, sent once."""

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from cabinet.meters.models import Reading, Submission
from tests.e2e.conftest import BY_TELEPHONE, IN_BOTH_WIDTHS, assert_accessible, wait_until
from tests.e2e.offline.conftest import ARRIVED, KEPT, NO_SYNC, arrived, dial, enter, send, sent

pytestmark = pytest.mark.service_worker


@IN_BOTH_WIDTHS
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
    expect(page.get_by_text("счётчик № …52: 1 905 м³")).to_be_visible()
    expect(page.get_by_text("Показания успешно переданы")).to_have_count(0)
    assert_accessible(page)
    assert sent() == []
    page.context.set_offline(False)
    expect(page.get_by_text(ARRIVED)).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert_accessible(page)
    assert sent() == [1905]
    page.get_by_role("link", name="Открыть подтверждение").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Квитанция о приёме показаний")
    page.goto(section)
    expect(page.get_by_text(ARRIVED)).to_have_count(0)
    assert sent() == [1905]


@IN_BOTH_WIDTHS
def test_the_app_opens_without_signal(page: Page, section: str, pskov_site: str) -> None:
    enter(page, section)
    page.context.set_offline(True)
    page.goto(f"{pskov_site}/cabinet/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Нет связи")
    expect(page.get_by_role("heading", level=2)).to_have_text("Лицевой счёт …5107")
    expect(page.get_by_text("Счётчик № …52")).to_be_visible()
    assert_accessible(page)
    keep = page.get_by_role("button", name="Сохранить")
    dial(page).fill("1805")
    keep.click()
    expect(page.get_by_text("Новое показание меньше прошлого (1900)")).to_be_visible()
    assert_accessible(page)
    dial(page).fill("99999")
    keep.click()
    expect(page.get_by_label("Да, на счётчике именно 99 999")).not_to_be_checked()
    expect(page.get_by_text("Получается расход 98 099 м³")).to_be_visible()
    keep.click()  # the same button again is no answer
    expect(page.get_by_text(KEPT)).to_have_count(0)
    dial(page).fill("1904")
    keep.click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    # A slip of the finger, seen before there is signal: the later number is the one that goes.
    dial(page).fill("1905")
    keep.click()
    expect(page.get_by_text("1 905 м³")).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(1)
    dial(page, "Гранд-6").fill("9005")
    keep.click()
    expect(page.get_by_text("9 005 м³")).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(1)
    expect(page.get_by_text("1 905 м³")).to_be_visible()
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


@BY_TELEPHONE
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
    wait_until(page, arrived)
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert sent() == [1905]
    one, other = page.context.new_page(), page.context.new_page()
    for tab in (one, other):
        tab.goto(section, wait_until="commit")
    expect(one.get_by_text("1 905 м³").first).to_be_visible()
    page.wait_for_timeout(500)
    page.goto(section)
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert sent() == [1905]


@IN_BOTH_WIDTHS
def test_a_question_is_answered_in_the_form(page: Page, section: str) -> None:
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("100")
    send(page)
    page.get_by_label("Да, на счётчике именно 100").check()
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Сохранённое показание пока не принято")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Проверить и отправить").click()
    expect(dial(page)).to_have_value("100")
    send(page)
    expect(page.get_by_text("Показание не передано")).to_be_visible()
    expect(page.get_by_text("Сохранённое показание пока не принято")).to_have_count(0)
    page.get_by_label("Счётчик заменили").check()
    page.get_by_label("Ещё не знаю").check()
    send(page)
    expect(page.get_by_text("Показания успешно переданы")).to_be_visible()
    expect(page.get_by_text("Сохранённое показание пока не принято")).to_have_count(0)
    assert sent() == [100]


@BY_TELEPHONE
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


@BY_TELEPHONE
def test_where_browsers_can_it_goes_without_a_page(page: Page, section: str) -> None:
    enter(page, section)
    page.context.set_offline(True)
    dial(page).fill("1905")
    send(page)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    wait_until(page, arrived)
    assert sent() == [1905]
    page.goto(section)
    expect(page.get_by_text(ARRIVED)).to_be_visible()
    assert sent() == [1905]
