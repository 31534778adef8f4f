"""The section «Квитанции»: a year, the window, the files, and who gets them."""

import datetime
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pikepdf
import pytest
from django.test import Client
from limits import RateLimitItemPerHour

from cabinet.accounts.models import PersonalAccount
from cabinet.bills import views
from cabinet.subscribers.models import AccountLink, Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.delegates import make_delegate
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_charge,
    make_link,
    text_of,
)

MARCH, APRIL, MAY = (datetime.date(2024, month, 1) for month in (3, 4, 5))


@pytest.fixture
def bills(link: AccountLink) -> str:
    return f"/cabinet/{link.pk}/bills/"


def rows_of(page: str) -> list[str]:
    """The rows of the table, as they are read aloud."""
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    texts = (re.sub(r"<[^>]+>", " ", row) for row in body.split("<tr")[1:])
    return [" ".join(text.partition(">")[2].split()) for text in texts]


def words_of(client: Client, path: str) -> str:
    page = re.sub(r"<[^>]+>", " ", text_of(client.get(path)))
    return " ".join(page.split())


def test_figure_30(
    manual_account: PersonalAccount, owner: Subscriber, pskov: GasCompany, owner_client: Client
) -> None:
    own = make_link(owner, pskov, manual_account)
    page = text_of(owner_client.get(f"/cabinet/{own.pk}/bills/?year=2024"))
    shown = rows_of(page)
    assert len(shown) == 12
    may, april = shown[7], shown[8]
    assert may.startswith("Май 2024 г. 4,79 ₽ 0,00 ₽ общая Детализация начислений")
    assert april.startswith("Апрель 2024 г. Переплата 2,60 ₽ платить не нужно 0,00 ₽ общая")
    assert "Загрузить" in may and "Без личных данных" in may
    newest = rows_of(text_of(owner_client.get(f"/cabinet/{own.pk}/bills/?year=2026")))
    assert newest[0].startswith("Ноябрь 2026 г. 3,79 ₽")


def test_figure_31(
    manual_account: PersonalAccount, owner: Subscriber, pskov: GasCompany, owner_client: Client
) -> None:
    own = make_link(owner, pskov, manual_account)
    page = text_of(owner_client.get(f"/cabinet/{own.pk}/bills/2024-05/1/"))
    assert "Расшифровка начислений за май 2024 г." in page
    assert rows_of(page) == [
        "Отопление жилых помещений 7,39 4,79 0,00 0,00 0,00 1,00 3,79 0 м³",
    ]
    assert "Закрыть" in page
    november = words_of(owner_client, f"/cabinet/{own.pk}/bills/2026-11/1/")
    assert "Начислений за ноябрь 2026 г. компания ещё не передала" in november
    assert "Расшифровка начислений за октябрь 2026 г." in november


def test_a_year_without_bills_points_to_the_newest(
    bills: str, account: PersonalAccount, owner_client: Client
) -> None:
    assert "Квитанций пока нет" in text_of(owner_client.get(bills))
    for month in (APRIL, datetime.date(2021, 1, 1)):
        make_charge(account, month)
    page = text_of(owner_client.get(bills))
    assert "квитанций нет" in page and 'href="?year=2024"' in page
    page = text_of(owner_client.get(f"{bills}?year=2022"))
    assert 'rel="prev" href="?year=2021"' in " ".join(page.split())
    assert 'rel="next" href="?year=2024"' in " ".join(page.split())
    for typed in ("0000", "99999", "'; --", "²024", "-1"):
        assert owner_client.get(bills, {"year": typed}).status_code == 200


def test_two_bills_of_a_month_have_numbers(
    bills: str, account: PersonalAccount, owner_client: Client
) -> None:
    make_charge(account, MAY, service="upkeep", bill_kind="Договор ТО", opening="43.50")
    make_charge(account, MAY, opening="7.00")
    make_charge(account, MAY, kind="penalty", opening="0.40")
    june, second, first, *_ = rows_of(text_of(owner_client.get(f"{bills}?year=2024")))
    assert june.startswith("Июнь 2024 г., № 1 7,40 ₽ 0,40 ₽ общая")
    first, second = rows_of(text_of(owner_client.get(f"{bills}?year=2024")))[2:]
    assert first.startswith("Май 2024 г., № 1 7,40 ₽ 0,40 ₽ общая")
    assert second.startswith("Май 2024 г., № 2 43,50 ₽ 0,00 ₽ Договор ТО")
    page = words_of(owner_client, f"{bills}2024-05/2/")
    assert "43,50" in page and "7,40" not in page.partition("Сумма на")[2]


def test_the_window_adds_up_with_what_ended_and_was_written_off(
    bills: str, account: PersonalAccount, owner_client: Client
) -> None:
    make_charge(account, MARCH, service="old", service_name="Старая услуга", opening="100.00")
    make_charge(
        account,
        MAY,
        opening="10.00",
        accrued="5.00",
        written_off="2.00",
        corrected="0.50",
        recalculated="-1.00",
        recalculation_reason="по акту <b>№ 7</b>",
    )
    make_charge(account, APRIL, opening="10.00")
    page = text_of(owner_client.get(f"{bills}2024-05/1/"))
    heat, old = rows_of(page)
    assert heat.endswith("10,00 5,00 −1,00 0,00 −1,50 0,00 12,50 —")
    assert "перерасчёт: по акту &lt;b&gt;№ 7&lt;/b&gt;" in heat
    assert old.endswith("— 100,00 0,00 0,00 0,00 0,00 0,00 100,00 —")
    foot = " ".join(re.sub(r"<[^>]+>", " ", page.partition("<tfoot")[2]).split())
    assert "Итого 110,00 5,00 −1,00 0,00 −1,50 0,00 112,50 —" in foot


def test_a_penalty_beside_an_overpayment_is_no_part_of_the_sum(
    bills: str, account: PersonalAccount, owner_client: Client
) -> None:
    make_charge(account, MAY, opening="-2.00")
    make_charge(account, MAY, kind="penalty", opening="5.00")
    page = words_of(owner_client, f"{bills}2024-05/1/")
    assert "3,00 ₽ С учётом пени 5,00 ₽" in page.replace("\xa0", " ").replace("&nbsp;", " ")


def test_a_file_is_a_download_that_nobody_keeps(
    bills: str, account: PersonalAccount, owner_client: Client
) -> None:
    make_charge(account, MAY, opening="1.00")
    answer = owner_client.get(f"{bills}2024-05/1.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "Квитанция 805107 за май 2024.pdf" in unquote(answer["Content-Disposition"])
    assert pikepdf.open(io.BytesIO(answer.content)).pages
    copy = owner_client.get(f"{bills}2024-05/1.pdf?copy=1")
    assert "Квитанция за май 2024, без личных данных.pdf" in unquote(copy["Content-Disposition"])
    assert copy.content != answer.content


def test_nobody_draws_files_without_end(
    bills: str, account: PersonalAccount, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_charge(account, MAY)
    monkeypatch.setattr(views.FILES, "item", RateLimitItemPerHour(1))
    path = f"{bills}2024-05/1.pdf"
    assert owner_client.get(path).status_code == 200
    page = owner_client.get(path, follow=True)
    assert page.redirect_chain[-1][0] == bills and "Попробуйте через час" in text_of(page)


@pytest.mark.parametrize(
    "place",
    [
        "2026-13/1",
        "2024-5/1",
        "2024-05/9",
        "2024-05/0",
        "0001-01/1",
        "9999-12/1",
        "2024-05-01/1",
        "мая/1",
        "2024-07/1",
        "2024-03/1",
    ],
)
def test_bad_addresses(
    place: str, bills: str, account: PersonalAccount, owner_client: Client
) -> None:
    make_charge(account, MAY)
    assert owner_client.get(f"{bills}2024-05/1/").status_code == 200
    for ending in ("/", ".pdf", ".pdf?copy=1"):
        assert owner_client.get(f"{bills}{place}{ending}").status_code == 404


def test_an_account_that_was_unlinked_a_second_ago(
    bills: str, account: PersonalAccount, link: AccountLink, owner_client: Client
) -> None:
    make_charge(account, MAY)
    assert owner_client.get(f"{bills}2024-05/1.pdf").status_code == 200
    link.delete()
    for place in ("", "2024-05/1/", "2024-05/1.pdf"):
        assert owner_client.get(f"{bills}{place}").status_code == 404


def test_bills_of_strangers_and_of_the_other_company(
    link: AccountLink,
    account: PersonalAccount,
    owner_client: Client,
    owner: Subscriber,
    stranger: Subscriber,
    pskov: GasCompany,
    novgorod: GasCompany,
) -> None:
    """Bills that exist: a stranger's of this company, and of the account of that number in the other one."""
    make_charge(account, MAY, opening="1.00")
    neighbour = make_account("805112")
    make_charge(neighbour, MAY, opening="2.00")
    theirs = make_link(stranger, pskov, neighbour)
    with in_company(novgorod):
        namesake = make_account("805107")
        make_charge(namesake, MAY, opening="3.00")
        elsewhere = make_link(stranger, novgorod, namesake)
        own_elsewhere = make_link(owner, novgorod, namesake)
    places = ("", "2024-05/1/", "2024-05/1.pdf", "2024-05/1.pdf?copy=1")
    for foreign in (theirs, elsewhere, own_elsewhere):
        for place in places:
            path = f"/cabinet/{foreign.pk}/bills/{place}"
            assert owner_client.get(path).status_code == 404, path
    there = logged_in(owner, NOVGOROD_HOST)
    for place in places:
        assert there.get(f"/cabinet/{link.pk}/bills/{place}").status_code == 404
        assert there.get(f"/cabinet/{own_elsewhere.pk}/bills/{place}").status_code == 200
    assert "3,00 ₽" in text_of(there.get(f"/cabinet/{own_elsewhere.pk}/bills/2024-05/1/"))
    assert logged_in(stranger, PSKOV_HOST).get(f"/cabinet/{theirs.pk}/bills/2024-05/1.pdf")


def test_a_delegate_gets_the_copy_alone(
    link: AccountLink, account: PersonalAccount, stranger: Subscriber
) -> None:
    make_charge(account, APRIL, volume=Decimal(0))
    make_charge(account, MAY, opening="1.00")
    own = make_delegate(link, stranger, "read")
    client = logged_in(stranger, PSKOV_HOST)
    path = f"/cabinet/{own.pk}/bills/2024-05/1"
    file = client.get(f"{path}.pdf")
    assert "без личных данных" in unquote(file["Content-Disposition"])
    page = text_of(client.get(f"{path}/"))
    assert "copy=1" not in page and account.meters.get().serial_number not in page
    assert account.last_name not in page


def test_a_fund_shows_bills_too(
    bills: str, account: PersonalAccount, owner_client: Client, pskov: GasCompany
) -> None:
    pskov.kind = "capital_repair"
    pskov.save()
    names = {"service": "contribution", "service_name": "Взнос на капитальный ремонт"}
    make_charge(account, MAY, opening="194.32", **names)
    make_charge(account, MAY, kind="penalty", opening="0.07", **names)
    (*_, may) = rows_of(text_of(owner_client.get(f"{bills}?year=2024")))
    assert may.startswith("Май 2024 г. 194,39 ₽ 0,07 ₽ общая")
    window = rows_of(text_of(owner_client.get(f"{bills}2024-05/1/")))
    assert [row.partition(" —")[0] for row in window] == [
        "Взнос на капитальный ремонт",
        "Взнос на капитальный ремонт, пени",
    ]


@pytest.mark.parametrize("count", [1, 50])
def test_queries_do_not_grow_with_bills(
    count: int,
    bills: str,
    account: PersonalAccount,
    owner_client: Client,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for number in range(count):
        month = datetime.date(2020 + number // 12, number % 12 + 1, 1)
        for service in ("heat", "cook"):
            make_charge(account, month, service=service)
    year = 2020 + count // 12
    owner_client.get(bills)
    with django_assert_max_num_queries(24):
        owner_client.get(f"{bills}?year={year}")


def test_the_information_page_offers_the_newest_bill(
    link: AccountLink, account: PersonalAccount, owner_client: Client
) -> None:
    path = f"/cabinet/{link.pk}/"
    assert "Все квитанции" not in text_of(owner_client.get(path))
    make_charge(account, datetime.date(2026, 10, 1), accrued="5.00")
    make_charge(account, datetime.date(2026, 9, 1), service="to", bill_kind="ТО", opening="1.00")
    page = text_of(owner_client.get(path))
    for number in (1, 2):
        assert f"{path}bills/2026-11/{number}.pdf" in page
        assert owner_client.get(f"{path}bills/2026-11/{number}/").status_code == 200
    assert f"{path}bills/?year=2026" in page
