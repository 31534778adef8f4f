"""Find an account by what a caller says."""

import pytest
from django.db import connection

from cabinet.accounts.models import SURNAME_FORM, PersonalAccount
from tests.operators.conftest import DESK
from tests.support.factories import (
    make_account,
    make_link,
    make_meter,
    make_subscriber,
    text_of,
    without_ids,
)


def found(client, text: str) -> list[str]:
    page = text_of(client.post(DESK, {"wanted": text})).partition("Найденные счета")[2]
    return [number for number in ("805107", "00-806/233", "900001") if f">{number}<" in page]


@pytest.fixture
def kim(account):
    kim = make_account(
        "00-806/233",
        last_name="Воробьёва",
        first_name="Алёна",
        patronymic="Игоревна",
        address="г. Псков, ул. Ленина, д. 15, кв. 5",
    )
    make_meter(kim, "m-2", serial_number="№ 00012-345Б")
    return kim


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("805107", "805107"),
        (" 805 107", "805107"),
        ("806233", "00-806/233"),
        ("00-806/233", "00-806/233"),
        ("Воробьева", "00-806/233"),
        ("вороб", "00-806/233"),
        ("Воробьёва Алена", "00-806/233"),
        ("Воробьева Ленина 15", "00-806/233"),
        ("ленина 15", "00-806/233"),
        ("ул. Ленина, д. 15, кв. 5", "00-806/233"),
        ("Рижский пр., 20", "805107"),
        ("12345б", "00-806/233"),
        ("07416852", "805107"),
        ("OWNER@mail.ru", "805107"),
        ("8 (911) 123-45-67", "00-806/233"),
    ],
)
def test_by_anything_that_is_known(operator, kim, link, pskov, text, number):
    make_link(make_subscriber(phone="+79111234567"), pskov, kim)
    assert found(operator, text) == [number]


@pytest.mark.parametrize(
    "text",
    ["Ленина 1", "owner@mail", "wner@mail.ru", "+7 911 123-45-6", "0741685", "Иванова", "%", "__"],
)
def test_no_more_than_was_meant(operator, kim, link, text):
    assert found(operator, text) == []


def test_little_is_shown_before_an_account_is_opened(operator, kim, link):
    page = text_of(operator.post(DESK, {"wanted": "Воробьева"}))
    assert "Алёна Игоревна В." in page and "Ленина" in page
    assert "Воробьёва" not in page and "345" not in without_ids(page)
    page = text_of(operator.post(DESK, {"wanted": "owner@mail.ru"}))
    assert "owner@mail.ru" not in page.partition("Найденные")[2]


def test_many_are_not_listed(operator, account):
    for number in range(30):
        make_account(f"9000{number:02}", last_name="Ким")
    page = text_of(operator.post(DESK, {"wanted": "Ким"}))
    assert page.count("Елена Григорьевна К.") == 20
    assert "Подходит больше счетов" in page


def test_what_is_not_found_is_said(operator, account):
    assert "хотя бы два знака" in text_of(operator.post(DESK, {"wanted": "1"}))
    assert "Такого счёта не нашли" in text_of(operator.post(DESK, {"wanted": "Иванова"}))
    assert "Введите номер счёта" in text_of(operator.post(DESK, {"wanted": " "}))


def test_a_surname_is_found_by_its_index(pskov, kim):
    query = PersonalAccount.objects.alias(surname=SURNAME_FORM).filter(surname__startswith="ВОРОБ")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert list(query) == [kim]
    plan = query.explain()
    assert "account_surname" in plan and "Index Cond" in plan


def test_the_first_page_has_the_search(operator):
    page = text_of(operator.get("/admin/"))
    form = page.partition(f'action="{DESK}"')[2].partition("</form>")[0]
    assert "Найти лицевой счёт" in page and "csrfmiddlewaretoken" in form
