"""The first page of the admin, and what a new company has: nobody need know where to begin."""

import pytest
from django.test import Client

from cms_pages.models import (
    BrandSettings,
    HomePage,
    NewsIndexPage,
    ServiceCentreIndexPage,
    StandardPage,
)
from cms_pages.templatetags.site_tags import menu_row
from tests.support.factories import BASE_HOST, PSKOV_HOST, staff_client, text_of

FIRST = "/admin/"


def first_page(client: Client) -> str:
    return text_of(client.get(FIRST))


def test_a_new_company_has_its_sections(guest, pskov):
    assert NewsIndexPage.objects.live().in_menu().count() == 1
    assert ServiceCentreIndexPage.objects.live().in_menu().count() == 1
    for address in ("/novosti/", "/service-centres/"):
        assert guest.get(address).status_code == 200


def test_tasks_by_what_one_may_do(editor, company_administrator):
    mine = first_page(staff_client(editor, PSKOV_HOST))
    bosses = first_page(staff_client(company_administrator, PSKOV_HOST))
    for page in (mine, bosses):
        assert "Написать новость" in page
        assert "Настройте оформление и телефоны" in page
    assert "Укажите реквизиты" in bosses and "Пригласить сотрудника" in bosses
    assert "Укажите реквизиты" not in mine and "Пригласить сотрудника" not in mine


def test_what_is_done_is_asked_no_more(editor_client, pskov):
    site = HomePage.objects.get().get_site()
    BrandSettings.objects.update_or_create(site=site, defaults={"phone": "(8112) 59-50-50"})
    assert "Настройте оформление" not in first_page(editor_client)


def test_the_central_office_has_no_site(central_admin, pskov):
    page = first_page(staff_client(central_admin, BASE_HOST))
    assert "Открыть компанию" in page and "Требует внимания" in page
    for word in ("Написать новость", "Рубрики новостей", "0 Документов"):
        assert word not in page


def test_the_front_page_stays(editor_client, pskov):
    home = HomePage.objects.get()
    for verb in ("delete", "unpublish", "move"):
        assert editor_client.get(f"/admin/pages/{home.pk}/{verb}/").status_code in (302, 403)
    assert HomePage.objects.live().exists()


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (3, 3), (8, 5), (40, 5)])
def test_the_menu_is_one_row(number, shown):
    pages = [StandardPage(title=f"Страница сайта {one}") for one in range(number)]
    row = menu_row(pages)
    assert [*row.shown, *row.more] == pages
    assert len(row.shown) == shown


def test_one_long_title_waits_under_more():
    assert menu_row([StandardPage(title="Ж" * 200)]).shown == []
