"""The base host: a town finds its region, and addresses of companies' pages lead on."""

import pytest
from django.test import Client

from cms_pages.regions.towns import places_found, region_known_as, russian_regions
from tenants.services.regions import SUBJECTS
from tests.support.factories import BASE_HOST, PSKOV_HOST, text_of

PSKOV, NOVGOROD = "Псковская область", "Новгородская область"


@pytest.fixture
def base(pskov, novgorod) -> Client:
    return Client(headers={"host": BASE_HOST})


def shown(base: Client, query: str, **more: str) -> str:
    return text_of(base.get("/", {"q": query, **more}))


@pytest.mark.parametrize(
    ("query", "found", "other"),
    [
        *(
            (query, PSKOV, NOVGOROD)
            for query in ("Псков", "г. псков", "Великие Луки", "великие лу")
        ),
        *((query, PSKOV, NOVGOROD) for query in ("псковская обл.", "Печоры", "межрегионгаз псков")),
        *((query, NOVGOROD, PSKOV) for query in ("Великий Новгород", "Старая Русса", "новгор")),
    ],
)
def test_a_town_finds_its_company(base, query, found, other):
    page = shown(base, query)
    assert found in page and other not in page


@pytest.mark.parametrize(
    "query", ["Казань", "татарстан", "СПб", "Санкт-Петербург", "Орел", "Нижневартовск"]
)
def test_a_region_without_a_company_is_said(base, query):
    page = shown(base, query)
    assert "В этом регионе личного кабинета пока нет" in page
    assert PSKOV in page and NOVGOROD in page  # the choice remains


@pytest.mark.parametrize("query", ["абвгд", "!!!", "\x00", "а" * 5000, "<b>", "область"])
def test_odd_input_shows_the_choice(base, query):
    page = shown(base, query)
    assert PSKOV in page and NOVGOROD in page and "<b>" not in page


def test_the_table_names_each_region_once():
    regions = russian_regions()
    assert len({region.name for region in regions}) == len(regions) == 89
    assert all(len(set(region.towns)) == len(region.towns) for region in regions)
    for region in regions:
        assert region in [place.region for place in places_found(region.name)], region.name


def test_the_table_knows_each_region_of_the_list():
    known = [region_known_as(name) for _code, name in SUBJECTS]
    assert None not in known and len(set(known)) == len(SUBJECTS) == 89


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/cabinet/", "/cabinet/"),
        ("/guest/readings/", "/guest/readings/"),
        ("/cabinet/register/", "/cabinet/register/"),
        ("/cabinet/no-such-page/", "/cabinet/"),
        ("/guest/no-such-page/", ""),
    ],
)
def test_a_company_page_leads_to_the_choice_and_on(base, address, wanted):
    page = text_of(base.get(address, follow=True))
    assert "Выберите свой регион" in page
    assert f'href="http://{PSKOV_HOST}{wanted}"' in page
    assert ("//" + PSKOV_HOST + wanted) in shown(base, "псков", next=wanted)


@pytest.mark.parametrize(
    "address",
    ["//evil.example/cabinet/", "https://evil.example/", "@evil.example", "/cabinet/../admin/",
     "/admin/", "/guest/", ".evil.example", "/cabinet/\r\nx", "/cabinet/settings/data/x/"],
)  # fmt: skip
def test_nothing_else_is_led_to(base, address):
    page = shown(base, "", next=address).partition("<main")[2]
    assert f'href="http://{PSKOV_HOST}"' in page and "evil" not in page
