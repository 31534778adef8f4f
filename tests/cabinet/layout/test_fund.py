"""A person's account of a capital-repair fund (manual 2, 3.4.1, 3.7 and 3.8)."""

import datetime
import re

import pytest
from django.test import Client

from cms_pages.models import BrandSettings, FundPage, HomePage, NewsIndexPage
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import by_email
from tests.support.applying import by_application
from tests.support.factories import PSKOV_HOST, logged_in, make_charge, text_of

OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture
def fund(pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    return pskov


@pytest.fixture
def client(fund, owner):
    return logged_in(owner, PSKOV_HOST)


def page(client, path: str) -> str:
    return " ".join(text_of(client.get(path)).split())


def test_the_contribution_and_its_penalty(client, link, account):
    names = {"service": "contribution", "service_name": "Взнос на капитальный ремонт"}
    make_charge(account, OCTOBER, accrued="194.32", **names)
    make_charge(account, OCTOBER, kind="penalty", accrued="0.07", **names)
    shown = page(client, f"/cabinet/{link.pk}/")
    for text in ("194,39 ₽", "В том числе пени 0,07 ₽", "Начислено пени в октябре 2026 г."):
        assert text in shown, text


def test_nothing_of_a_gas_company(client, link):
    BrandSettings.objects.update_or_create(
        site=HomePage.objects.get().sites_rooted_here.get(),
        defaults={"contact_centre_phone": "8 800 100-21-86"},
    )
    shown = page(client, f"/cabinet/{link.pk}/")
    assert "Связаться с фондом" in shown and "8 800 100-21-86" in shown
    for alien in ("Ваш центр обслуживания", "Газовая компания", "Договоры", "Дата ТО"):
        assert alien not in shown, alien


def test_news_and_the_fund_are_sections(client, link, fund):
    news = NewsIndexPage.objects.get()
    home = HomePage.objects.get()
    home.add_child(instance=FundPage(title="О фонде", slug="o-fonde"))
    for path in (f"/cabinet/{link.pk}/", "/cabinet/settings/"):
        shown = page(client, path)
        assert shown.index(news.get_url()) < shown.index("/o-fonde/")
        assert "Новости" in shown and "О фонде" in shown


def test_they_are_there_without_an_account_too(client):
    assert NewsIndexPage.objects.get().get_url() in page(client, "/cabinet/settings/")


def test_a_gas_company_has_no_such_sections(owner_client, link):
    menu = page(owner_client, f"/cabinet/{link.pk}/").partition("<main")[0]
    assert NewsIndexPage.objects.get().get_url() not in menu


def test_registering_by_a_password_where_the_fund_lets_people(fund):
    by_application(False)
    browser = Client(headers={"host": PSKOV_HOST})
    waiting = browser.post("/cabinet/register/", by_email("nina@mail.ru"), follow=True)
    assert "Привязать лицевой счёт можно сразу" in text_of(waiting)
    letter = Message.objects.get(kind="confirm_registration")
    path = re.search(r"(/cabinet/confirm/\S+/)", letter.text)[1]
    done = text_of(browser.post(path, follow=True))
    assert "Адрес электронной почты подтверждён" in done and "Теперь привяжите" in done
