"""The one field of the central office."""

import pytest

from cms_pages.shared.models import SharedItem
from portal.connection import connection
from tenants.models import GasCompany, Proposal
from tests.support.factories import staff_client, text_of

SEARCH = "/admin/tenants/search/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("межрегионгаз пск", "Псков"),
        ("6027", "ИНН 6027000000"),
        ("pskov.gas", "pskov.gas.localhost"),
        ("новгородская", "Великий Новгород"),
        ("central", "Сотрудники офиса"),
        ("ключевая", "Ключевая ставка Банка России"),
        ("запах", "Запах газа"),
        ("лишняя", "удаление компании: Тверь"),
        ("учения", "Учения"),
    ],
)
def test_what_is_found(office, pskov, novgorod, typed, said):
    connection.set_schema_to_public()
    GasCompany.objects.filter(pk=pskov.pk).update(inn="6027000000")
    SharedItem.objects.create(title="Запах газа")
    Proposal.objects.create(kind="delete", subject="Тверь", reason="Лишняя", proposed_by="other")
    office.post(
        "/admin/tenants/announcements/add/",
        {
            "title": "Учения",
            "text": "В четверг.",
            "starts_at": "2026-01-01T00:00",
            "ends_at": "2099-01-01T00:00",
        },
    )
    assert said in text_of(office.get(SEARCH, {"q": typed}))


def test_an_account_says_its_company_alone(office, pskov, link):
    page = text_of(office.get(SEARCH, {"q": link.account_number}))
    assert "есть счёт с таким номером" in page and "Псков" in page
    assert link.subscriber.email not in page and (link.place or "-no-place-") not in page


def test_it_is_the_offices_alone(office, pskov, editor):
    editor_client = staff_client(editor)
    assert "Ничего не найдено" in text_of(office.get(SEARCH, {"q": "нигде такого нет"}))
    assert "хотя бы два знака" in text_of(office.get(SEARCH))
    assert editor_client.get(SEARCH, {"q": "Псков"}).status_code == 404
    assert SEARCH in office.get("/admin/").content.decode()
    assert SEARCH not in editor_client.get("/admin/").content.decode()
