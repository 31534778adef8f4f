"""The house of a fund's account and its list of works (manual 2, 3.6)."""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.billing.as_of import files_as_of_note
from cabinet.houses.models import House, RepairWork
from tests.support.delegates import make_delegate
from tests.support.factories import PSKOV_HOST, logged_in, make_subscriber, text_of

LABELS = (
    "Год постройки",
    "Общая площадь",
    "Площадь помещений",
    "Способ формирования фонда",
    "Установленный размер взноса",
    "Размер фонда капитального ремонта",
    "Израсходовано средств",
    "Начислено по дому, всего",
    "Собрано средств, всего",
    "Текущая задолженность, всего",
)


@pytest.fixture
def fund(pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    return pskov


@pytest.fixture
def house(fund, account):
    account.house_code = "hm-mira-65"
    account.save()
    return House.objects.create(
        house_code="hm-mira-65",
        address="г. Ханты-Мансийск, ул. Мира, д. 65",
        built_year=1987,
        total_area_m2=Decimal("4312.60"),
        premises_area_m2=Decimal("3398.20"),
        fund_method="Счёт регионального оператора",
        contribution_rate=Decimal("16.355"),
        fund_size=Decimal("1577714.25"),
        spent=Decimal("631085.70"),
        accrued_principal=Decimal("1688046.00"),
        accrued_penalty=Decimal("1.75"),
        collected_principal=Decimal("1577714.25"),
        collected_penalty=Decimal("0.00"),
        debt_principal=Decimal("110331.75"),
        debt_penalty=Decimal("1.75"),
    )


@pytest.fixture
def page(fund, owner, link):
    """Opens the page: a function that returns its words."""
    client = logged_in(owner, PSKOV_HOST)

    def opened() -> str:
        return " ".join(text_of(client.get(f"/cabinet/{link.pk}/house/")).split())

    return opened


def work(house: House, number: str, **fields: object) -> RepairWork:
    return RepairWork.objects.create(
        house=house, number=number, **{"kind": f"Работа {number}", **fields}
    )


def test_all_fields_of_the_manual(page, house):
    as_of = datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC)
    files_as_of_note(["houses.csv"], as_of)
    shown = page()
    for label in LABELS:
        assert label in shown, label
    assert shown.count("Основной долг") == 3 and shown.count("Пеня") == 3
    for figure in ("4 312,6 м²", "3 398,2 м²", "16,355 ₽ за м²", "1 688 047,75 ₽", "110 333,50 ₽"):
        assert figure in shown, figure
    assert "По данным на 2 ноября 2026 г." in shown


def test_what_is_left_is_collected_less_spent(page, house):
    shown = page()
    assert "Осталось" in shown and "946 628,55 ₽" in shown
    assert re.findall(r'<rect [^>]*width="(\d+)"', shown) == ["100", "40", "60"]
    House.objects.update(spent=Decimal("2000000.00"))
    assert "Израсходовано на 422 285,75 ₽ больше, чем собрано" in page()


def test_what_the_fund_has_not_said_is_not_made_up(page, house):
    House.objects.update(
        built_year=None, collected_penalty=None, spent=None, contribution_rate=None, fund_method=""
    )
    shown = page()
    assert "Осталось" not in shown and "<rect" not in shown
    collected = shown.partition("Собрано средств, всего")[2].partition("Основной долг")[0]
    assert "нет данных" in collected
    assert "None" not in shown


def test_works_in_the_order_of_their_numbers_with_the_known_costs(page, house):
    for number in ("10", "2", "1.10", "1.2", "1"):
        work(house, number)
    assert "Плановая стоимость работ" not in page() and "Плановая стоимость всех" not in page()
    RepairWork.objects.exclude(number="1").update(planned_cost=Decimal("365000.10"))
    shown = page()
    order = re.findall(r"Работа (\S+)", shown)
    assert order == ["1", "1.2", "1.10", "2", "10"]
    assert "Плановая стоимость работ, у которых она указана" in shown
    assert "1 460 000,40 ₽" in shown
    RepairWork.objects.update(planned_cost=Decimal("1.00"))
    assert "Плановая стоимость всех работ" in page() and "5,00 ₽" in page()


def test_a_planned_year_that_is_over_says_nothing_of_the_work(page, house):
    this_year = timezone.localdate().year
    planned = work(house, "1", planned_year=this_year)
    assert "ещё не значит" not in page()
    planned.planned_year = this_year - 1
    planned.save()
    assert "Если год планового ремонта уже прошёл, это ещё не значит, что работа сделана" in page()


@pytest.mark.parametrize("code", ["", "unknown-house"])
def test_an_account_without_a_known_house(page, fund, account, code):
    account.house_code = code
    account.save()
    shown = page()
    assert "Сведений о доме пока нет" in shown and "Спросите об этом в фонде" in shown


def test_a_gas_company_has_no_such_page(owner_client, link):
    assert owner_client.get(f"/cabinet/{link.pk}/house/").status_code == 404
    assert "Список работ" not in text_of(owner_client.get(f"/cabinet/{link.pk}/"))


def test_delegates_see_it(house, link):
    daughter = make_subscriber("daughter@mail.ru")
    own = make_delegate(link, daughter, "read")
    shown = text_of(logged_in(daughter, PSKOV_HOST).get(f"/cabinet/{own.pk}/house/"))
    assert "1 688 047,75 ₽" in shown


def test_it_is_a_section_of_a_fund(page, house):
    menu = page().partition('id="main-menu"')[2].partition("</nav>")[0]
    order = [menu.index(label) for label in ("Информация", "Новости", "Список работ", "Настройки")]
    assert order == sorted(order)


def test_queries_do_not_grow_with_works(page, house):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    work(house, "1")
    page()
    few = count()
    for number in range(2, 51):
        work(house, str(number))
    assert count() == few
