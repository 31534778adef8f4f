"""What people come for: in the menu and footer of every page, and found before any page."""

import re

import pytest
from django.test import Client

from cms_pages.brand.models import BrandSettings
from tests.cms_pages.conftest import make_page
from tests.support.factories import text_of


def parts(page: str) -> list[str]:
    menus = re.findall(
        r'<nav[^>]*aria-label="(?:Разделы сайта|Внизу страницы)".*?</nav>', page, re.S
    )
    assert len(menus) >= 2
    return menus


def test_actions_are_first_in_the_menus_of_every_page(guest, home):
    make_page(home, "Тарифы", slug="tarify", show_in_menus=True)
    for address in ("/", "/tarify/", "/search/", "/guest/readings/", "/cabinet/"):
        page = text_of(guest.get(address, follow=True))
        for menu in parts(page):
            first = re.findall(r'href="([^"]+)"', menu)[:2]
            assert first == ["/guest/readings/", "/guest/payment/"], address


def test_a_fund_has_no_readings_to_send(guest, home, pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    assert "/guest/readings/" not in text_of(guest.get("/search/", {"q": "показания"}))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        *((query, "/guest/readings/") for query in ("показания", "Передать показания", "передат")),
        *((query, "/guest/readings/") for query in ("счетчик", "СЧЁТЧИКА", "показаний счётчика")),
        *(
            (query, "/guest/readings/")
            for query in ("как передать показания газа", "приборы учета")
        ),
        *((query, "/guest/payment/") for query in ("оплатить", "как оплатить газ", "долг")),
        *((query, "/cabinet/") for query in ("личный кабинет", "войти", "вход", "логин")),
        ("забыл пароль", "/cabinet/recover/"),
        ("регистрация", "/cabinet/register/"),
    ],
)
def test_search_finds_an_action_first(guest, home, query, first):
    make_page(home, "Показания счётчика и личный кабинет", "<p>Вход и пароль.</p>", slug="stranica")
    page = text_of(guest.get("/search/", {"q": query})).partition("<main")[2]
    assert re.findall(r'href="([^"]+)"', page)[0] == first


@pytest.mark.parametrize("query", ["тарифы", "поверка счётчика", "на", "газ"])
def test_other_words_find_pages_alone(guest, home, query):
    make_page(home, "Тарифы на газ и поверка счётчика", slug="tarify")
    page = text_of(guest.get("/search/", {"q": query}))
    assert 'href="/tarify/"' in page or query == "на"
    assert "found-actions" not in page


def test_nothing_found_leads_on(guest, home):
    make_page(home, "Контакты", slug="kontakty", show_in_menus=True)
    BrandSettings.objects.update_or_create(
        site=home.get_site(), defaults={"phone": "(8112) 59-50-50"}
    )
    page = text_of(guest.get("/search/", {"q": "абракадабра"})).partition("<main")[2]
    for part in ("Ничего не нашлось", "/guest/readings/", "/kontakty/", "(8112) 59-50-50"):
        assert part in page.partition("<footer")[0], part


@pytest.mark.parametrize(
    ("query", "says"),
    [("а", "слово целиком"), ("?!", "Введите слово"), ("газ" * 50, "по первым ста знакам")],
)
def test_a_query_that_cannot_be_searched_is_told_so(guest, home, query, says):
    assert says in text_of(guest.get("/search/", {"q": query}))


def test_the_pager_leads_on_and_back(guest, home):
    for number in range(11):
        make_page(home, f"Тариф {number}", "<p>Газ</p>")
    first = text_of(guest.get("/search/", {"q": "тариф"}))
    assert "Страница 1 из 2" in first and "Дальше" in first and "Назад" not in first
    assert "Назад" in text_of(guest.get("/search/", {"q": "тариф", "page": 2}))


def test_an_unknown_page_says_where_to_go(guest, home):
    company = text_of(guest.get("/net-takoj/"))
    assert 'action="/search/"' in company and "/guest/readings/" in company.partition("<main")[2]
    base = Client(headers={"host": "gas.localhost"}).get("/net-takoj/")
    assert base.status_code == 404 and "Выбрать регион" in text_of(base)
