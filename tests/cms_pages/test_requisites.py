"""Requisites: check digits, and who may touch them. The numbers are public ones of real organisations."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Site

from cms_pages.brand.requisites import correspondent_account_fits, settlement_account_fits
from cms_pages.models import CompanyRequisites
from portal.connection import connection
from portal.staff.services import staff_create
from tests.cms_pages.conftest import staff_at
from tests.support.factories import PASSWORD, PSKOV_HOST, text_of

pytestmark = pytest.mark.usefixtures("pskov")

# ПАО Сбербанк: its own ИНН, ОГРН, БИК and correspondent account.
RIGHT = {
    "legal_name": "ООО «Газпром межрегионгаз Псков»",
    "inn": "7707083893",
    "kpp": "773601001",
    "ogrn": "1027700132195",
    "legal_address": "г. Псков",
    "bank_name": "ПАО Сбербанк",
    "bic": "044525225",
    "correspondent_account": "30101810400000000225",
    "settlement_account": "40702810200000012345",
}


def address() -> str:
    return f"/admin/settings/cms_pages/companyrequisites/{Site.objects.get().pk}/"


@pytest.fixture
def save(pskov):
    group = Group.objects.create(name="Администраторы на пробу")
    codenames = ("access_admin", "change_companyrequisites")
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    staff_create(username="boss", password=PASSWORD, groups=[group.name])
    client = staff_at(PSKOV_HOST, "boss")

    def save(**fields):
        connection.set_tenant(pskov)
        answer = client.post(address(), {**RIGHT, **fields})
        connection.set_tenant(pskov)
        return answer

    return save


def test_right_ones_are_saved_and_stand_in_the_footer(save, guest):
    answer = save()
    assert answer.status_code == 302, text_of(answer)
    page = text_of(guest.get("/"))
    for words in ("ИНН 7707083893", "ОГРН 1027700132195", "БИК 044525225", "40702810200000012345"):
        assert words in page, words
    assert CompanyRequisites.objects.get().is_complete


def test_no_requisites_no_line(guest):
    assert "ИНН" not in text_of(guest.get("/"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"inn": "7707083894"}, "В ИНН опечатка"),
        ({"inn": "770708389"}, "ИНН организации — 10 цифр"),
        ({"inn": "٧٧٠٧٠٨٣٨٩٣"}, "ИНН организации — 10 цифр"),
        ({"kpp": "77360100"}, "КПП — 9 знаков"),
        ({"ogrn": "1027700132196"}, "В ОГРН опечатка"),
        ({"ogrn": "102770013219"}, "ОГРН — 13 цифр"),
        ({"bic": "04452522"}, "БИК — 9 цифр"),
        ({"bic": ""}, "Без БИК счёт не проверить"),
        ({"settlement_account": "40702810200000012346"}, "Счёт не подходит к БИК"),
        ({"settlement_account": "4070281020000001234"}, "Номер счёта — 20 цифр"),
        ({"correspondent_account": "30101810400000000226"}, "Счёт не подходит к БИК"),
        ({"bic": "044525974"}, "Счёт не подходит к БИК"),
        ({"bank_name": "Б" * 46}, "Сократите до 45 знаков"),
    ],
)
def test_a_slip_is_refused(save, fields, message):
    answer = save(**fields)
    assert answer.status_code == 200
    assert message in text_of(answer)
    assert not CompanyRequisites.objects.exclude(legal_name="").exists()


@pytest.mark.parametrize("place", range(20))
def test_any_one_wrong_digit_of_an_account_shows(place):
    """The weights are prime to ten."""
    account, bic = RIGHT["settlement_account"], RIGHT["bic"]
    assert settlement_account_fits(account, bic)
    for digit in set("0123456789") - {account[place]}:
        wrong = account[:place] + digit + account[place + 1 :]
        assert not settlement_account_fits(wrong, bic)


def test_a_client_of_the_bank_of_russia_has_the_other_key():
    bic = "045805001"
    fits = [
        account
        for key in "0123456789"
        if settlement_account_fits(account := f"40601810{key}00001000001", bic)
    ]
    assert len(fits) == 1 and correspondent_account_fits(fits[0], bic)


def test_editors_choose_colours_but_do_not_redirect_money(editor_client, pskov):
    where = address()
    brand = editor_client.get("/admin/cms_pages/brandsettings/", follow=True)
    assert brand.status_code == 200 and "brandsettings/edit/" in brand.redirect_chain[-1][0]
    assert editor_client.post(where, RIGHT).status_code == 302
    connection.set_tenant(pskov)
    assert not CompanyRequisites.objects.exclude(inn="").exists()
    assert "companyrequisites" not in text_of(editor_client.get("/admin/"))
