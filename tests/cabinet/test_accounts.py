"""Linking an account: three answers that only its holder has, none of which can be guessed alone."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink
from portal.messaging.models import Message
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_account,
    make_link,
    make_meter,
    text_of,
)
from tests.support.linking import RIGHT, link_by_wizard

PATH = "/cabinet/accounts/"


@pytest.fixture(autouse=True)
def _agreed(owner, pskov):
    agree(owner, pskov)


def test_a_link_is_made(owner_client, owner, account):
    answer = link_by_wizard(owner_client)
    link = AccountLink.objects.get()
    assert (link.subscriber, link.account_number, link.proof) == (owner, "805107", "meter")
    assert answer.request["PATH_INFO"] == f"/cabinet/{link.pk}/"


@pytest.mark.parametrize("typed", ["7416852", "07416852 ", "0741-6852", "07 41 68 52"])
def test_a_meters_number_as_people_type_it(owner_client, account, typed):
    link_by_wizard(owner_client, {"serial_number": typed})
    assert AccountLink.objects.exists()


@pytest.mark.parametrize("nothing", ["", "-", "—", "нет", "Отсутствует"])
def test_a_patronymic_that_is_not_there_is_not_shown(owner_client, link, account, nothing):
    PersonalAccount.objects.update(first_name="Алексей", patronymic=nothing, last_name="Ким")
    assert "Алексей К." in " ".join(text_of(owner_client.get(f"/cabinet/{link.pk}/")).split())


@pytest.mark.parametrize(
    ("number", "names", "typed"),
    [
        ("Ж-012/3", ("Smith", "John", "-"), {"account_number": "ж 012 3", "initials": "SJ"}),
        ("0042", ("Іваненко", "Оксана", "нет"), {"account_number": "42", "initials": "ио"}),
        ("A-7", ("\u00a0Лось", "Ян", ""), {"account_number": "А7", "initials": "Лось Ян"}),
    ],
)
def test_numbers_and_names_as_people_type_them(owner_client, pskov, number, names, typed):
    last, first, patronymic = names
    account = make_account(number, last_name=last, first_name=first, patronymic=patronymic)
    make_meter(account, serial_number="04816253")
    link_by_wizard(owner_client, {"serial_number": "4816253"} | typed)
    link = AccountLink.objects.get()
    assert link.account_number == number
    AccountLink.objects.update(unconfirmed_since=timezone.now())
    answers = {"proof": "meter", "initials": typed["initials"], "serial_number": "0481-6253"}
    owner_client.post(f"/cabinet/{link.pk}/confirm/", answers)
    link.refresh_from_db()
    assert link.unconfirmed_since is None


@pytest.mark.parametrize(
    "changed",
    [
        {"account_number": "111"},
        {"initials": "АБВ"},
        {"serial_number": "111"},
        {"serial_number": "6852"},
    ],
)
def test_one_wrong_answer_looks_like_another(owner_client, account, changed):
    answer = link_by_wizard(owner_client, changed)
    page, typed = text_of(answer), RIGHT | changed
    assert answer.request["PATH_INFO"].endswith("/not-found/") and "Не нашли лицевой счёт" in page
    assert not AccountLink.objects.exists()
    for name in ("region", "account_number", "initials", "serial_number"):
        assert typed[name] in page


def test_three_wrong_ones_block(owner_client, account):
    for _ in range(3):
        page = text_of(link_by_wizard(owner_client, {"serial_number": "1"}))
    assert "Не нашли" in page and "минут" in page  # the third miss blocks at once
    page = text_of(link_by_wizard(owner_client))
    assert "минут" in page
    assert not AccountLink.objects.exists()


def test_a_number_that_the_guest_page_shows_is_no_proof(owner_client, account):
    link_by_wizard(owner_client, {"serial_number": "…6852"})
    assert not AccountLink.objects.exists()


def test_linking_twice_is_refused_with_a_message(owner_client, account, link):
    assert "уже привязан" in text_of(link_by_wizard(owner_client))
    assert AccountLink.objects.count() == 1


def test_a_closed_account_is_told(owner_client, account):
    account.closed_on = datetime.date(2026, 1, 1)
    account.save()
    assert "закрыт" in text_of(link_by_wizard(owner_client))
    assert not AccountLink.objects.exists()


def test_holders_are_told(owner_client, account, stranger, pskov):
    make_link(stranger, pskov, account)
    link_by_wizard(owner_client)
    message = Message.objects.get(kind="account_linked_by_other")
    assert message.recipient == stranger.email
    assert "805107" in message.text


def test_an_account_of_another_region_is_linked_here_and_opened_there(
    owner_client, owner, account, novgorod
):
    with schema_context("novgorod"):
        other = make_account("510080", last_name="Васильев", first_name="Андрей", patronymic="М")
        from tests.support.factories import make_meter

        make_meter(other, serial_number="55501")
        agree(owner, novgorod)
    answer = link_by_wizard(
        owner_client,
        {
            "region": "Новгородская область",
            "account_number": "510080",
            "initials": "ВАМ",
            "serial_number": "55501",
        },
    )
    link = AccountLink.objects.get()
    assert link.company == novgorod
    assert f"http://novgorod.gas.localhost/cabinet/go/{link.pk}/?from=pskov" in text_of(answer)


def test_links_stand_in_the_order_of_linking(owner_client, owner, pskov, account):
    for number in ("900", "805107", "100"):
        made = account if number == "805107" else make_account(number)
        make_link(owner, pskov, made)
    table = text_of(owner_client.get(PATH)).partition("Текущие привязки")[2]
    assert table.index("900") < table.index("805107") < table.index(">100<")
    assert len(re.findall(r"\d\d\.\d\d\.\d{4}", table)) == 3  # the days of linking


def test_the_cabinet_opens_the_account_used_last(owner_client, owner, pskov, account, link):
    newer = make_link(owner, pskov, make_account("900"))
    owner_client.get(f"/cabinet/{link.pk}/")
    assert owner_client.get("/cabinet/").headers["Location"] == f"/cabinet/{link.pk}/"
    owner_client.get(f"/cabinet/{newer.pk}/")
    assert owner_client.get("/cabinet/").headers["Location"] == f"/cabinet/{newer.pk}/"


def test_a_page_costs_the_same_with_many_links(owner_client, owner, pskov, account, link):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner_client.get(PATH).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for number in range(50):
        make_link(owner, pskov, make_account(f"77{number}"))
    assert queries() == one


def test_without_an_account_the_menu_says_so(owner_client, owner, pskov):
    assert "Лицевой счёт не привязан" in text_of(owner_client.get(PATH))


def test_menu_of_a_fund_has_no_readings(owner, pskov, account, link):
    pskov.kind = "capital_repair"
    pskov.save()
    page = text_of(logged_in(owner, PSKOV_HOST).get(f"/cabinet/{link.pk}/"))
    assert "Информация" in page
    assert "Показания" not in page


def test_logout_ends_the_session(owner_client, link):
    assert owner_client.get("/cabinet/logout/").headers["Location"] == "/cabinet/"
    assert owner_client.get(PATH).status_code == 200
    answer = owner_client.post("/cabinet/logout/")
    assert answer.headers["Location"] == "/cabinet/"
    assert owner_client.get(PATH).status_code == 302


def test_pages_of_a_person_are_kept_by_nobody(owner_client, link):
    for path in (PATH, f"/cabinet/{link.pk}/readings/"):
        assert "no-store" in owner_client.get(path).headers["Cache-Control"]


def test_forms_have_csrf(owner, account):
    client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    for path in ("/cabinet/login/", "/cabinet/register/", "/cabinet/logout/", "/guest/readings/"):
        assert client.post(path, {}).status_code == 403, path
