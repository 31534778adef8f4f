"""«Информация»: every block that the manuals name, with its date; the sum due in the header."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.accounts.models import Contract, Equipment
from cabinet.billing.as_of import files_as_of_note
from cms_pages.models import (
    BrandSettings,
    CentrePhone,
    ContactPage,
    District,
    FormPage,
    HomePage,
    ServiceCentre,
    StandardPage,
)
from tests.support.delegates import make_delegate
from tests.support.factories import (
    PSKOV_HOST,
    logged_in,
    make_account,
    make_charge,
    make_link,
    make_meter,
    text_of,
)

APRIL, MAY = datetime.date(2026, 4, 1), datetime.date(2026, 5, 1)


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/"


@pytest.fixture
def may(account):
    """Figure 28 of manual 1."""
    make_charge(account, APRIL, opening="-2.60", accrued="7.39")
    return make_charge(account, MAY, opening="4.79", paid="1.00")


def loaded(*files, as_of=datetime.datetime(2026, 11, 5, 6, tzinfo=datetime.UTC)):
    """Note that a package of these files has been applied."""
    files_as_of_note(files, as_of)


def page_text(client, path):
    return " ".join(text_of(client.get(path)).split())


def test_the_page_shows_the_account(owner_client, path, account):
    fields = {"area_m2": "54.30", "living": 2, "registered": 3, "maintenance_on": MAY}
    type(account).objects.filter(pk=account.pk).update(**fields)
    loaded("accounts.csv")
    page = page_text(owner_client, path)
    shown = (
        "805107",
        "Елена Григорьевна О.",
        "Рижский пр., д. 20",
        "1 марта 2015 г.",
        "1 мая 2026 г.",
        "54,30 м²",
        "По данным на 5 ноября 2026 г.",
    )
    for text in shown:
        assert text in page, text
    assert "Осипова" not in page


def test_an_overpayment_beside_penalty_is_no_part_of_the_sum(owner_client, path, account):
    make_charge(account, MAY, accrued="50.00", paid="100.00")
    make_charge(account, MAY, kind="penalty", accrued="80.00")
    page = page_text(owner_client, path)
    assert "Пени 80,00 ₽ за вычетом переплаты 50,00 ₽" in page and "В том числе" not in page
    make_charge(account, MAY, service="cook", accrued="60.00")
    assert "В том числе пени 80,00 ₽" in page_text(owner_client, path)


def test_the_balance_is_figure_28(owner_client, path, may):
    loaded("charges.csv")
    page = page_text(owner_client, path)
    shown = (
        "Долг на 1 мая 2026 г.",
        "Начислено в мае 2026 г.",
        "4,79 ₽",
        "<dd> 1,00 ₽ <",
        "3,79 ₽",
    )
    for text in shown:
        assert text in page, text
    assert page.count("3,79 ₽") >= 3  # the header, the sum due, the total


def test_an_overpayment_asks_for_no_money(owner_client, path, account):
    make_charge(account, APRIL, opening="-10.00", accrued="7.40")
    page = page_text(owner_client, path)
    assert "Переплата" in page
    assert "Сумма к оплате" not in page
    assert "2,60 ₽" in page


def test_a_recalculation_says_why(owner_client, path, account):
    make_charge(
        account, MAY, accrued="7", recalculated="-2", recalculation_reason="Поверка прибора"
    )
    assert "Поверка прибора" in page_text(owner_client, path)


def test_several_services_are_told_apart(owner_client, path, may, account):
    make_charge(account, MAY, service="to", service_name="Обслуживание плиты", accrued="120")
    page = page_text(owner_client, path)
    assert "По услугам" in page
    assert "Обслуживание плиты" in page
    assert "120,00 ₽" in page


def test_nothing_charged_is_said(owner_client, path, account):
    assert "Начислений пока нет" in page_text(owner_client, path)


def test_equipment_with_verification_and_state(owner_client, path, account):
    account.meters.update(verification_due_on=datetime.date(2020, 1, 1), state="В работе")
    Equipment.objects.create(
        account=account, equipment_id="p1", name="ПГ-4 Gefest", kind="Плита", state="Исправна"
    )
    page = page_text(owner_client, path)
    shown = (
        "ВК Арзамас G4T",
        "07416852",
        "просрочена, была до 01.01.2020",
        "ПГ-4 Gefest",
        "Исправна",
    )
    for text in shown:
        assert text in page, text


def test_the_page_shows_the_contracts(owner_client, path, account):
    Contract.objects.create(
        account=account, number="12-Г", kind="Поставка газа", company="ООО «Псков»", starts_on=MAY
    )
    page = page_text(owner_client, path)
    for text in ("12-Г", "Поставка газа", "ООО «Псков»", "1 мая 2026 г.", "бессрочно"):
        assert text in page, text


def test_the_service_centre_of_the_account(owner_client, path, account):
    type(account).objects.filter(pk=account.pk).update(service_centre="psk-1")
    centre = ServiceCentre(
        code="psk-1",
        name="Псковский участок",
        district=District.objects.create(name="Псков"),
        address="ул. Рабочая, д. 5",
        email="psk@example.ru",
    )
    centre.phones = [CentrePhone(number="8 (8112) 12-34-56")]
    centre.save()
    page = page_text(owner_client, path)
    for text in ("Псковский участок", "8 (8112) 12-34-56", "ул. Рабочая, д. 5", "psk@example.ru"):
        assert text in page, text


def test_a_code_that_editors_have_not_entered(owner_client, path, account):
    type(account).objects.filter(pk=account.pk).update(service_centre="later")
    assert "ещё не указала" in page_text(owner_client, path)


def test_an_account_without_a_meter(owner, owner_client, pskov):
    bare = make_account("900100")
    link = make_link(owner, pskov, bare)
    page = page_text(owner_client, f"/cabinet/{link.pk}/")
    assert "Сведений об оборудовании нет" in page


def test_a_strangers_account_is_not_there(stranger, path, link):
    from tests.support.factories import PSKOV_HOST, logged_in

    client = logged_in(stranger, PSKOV_HOST)
    assert client.get(path).status_code == 404
    assert client.get(f"{path}sum-due/").status_code == 404


def test_the_header_counts_anew(owner_client, path, may, account):
    assert "3,79 ₽" in page_text(owner_client, f"{path}sum-due/")
    make_charge(account, datetime.date(2026, 6, 1), opening="3.79", accrued="10")
    assert "13,79 ₽" in page_text(owner_client, f"{path}sum-due/")


def test_without_scripts_the_page_says_what_counting_anew_did(owner_client, path, may, clock):
    loaded("charges.csv")
    clock.at("2026-11-28T14:05:00")
    page = owner_client.get(f"{path}sum-due/", {"next": f"{path}readings/"}, follow=True)
    assert page.redirect_chain == [(f"{path}readings/", 302)]
    assert "Проверили в 14:05: данные газовой компании на 5 ноября" in " ".join(
        text_of(page).split()
    )
    for address in ("https://elsewhere.example/", "//elsewhere.example/"):
        answer = owner_client.get(f"{path}sum-due/", {"next": address})
        assert answer.url.startswith("/cabinet/")


def test_the_persons_own_pages_name_the_account_used_last_and_its_sum(
    owner, owner_client, pskov, path, may
):
    make_link(owner, pskov, make_account("900100", address="180000, г. Псков, ул. Лесная, д. 1"))
    owner_client.get(path)
    for own in ("/cabinet/settings/", "/cabinet/accounts/"):
        header = page_text(owner_client, own).partition("<main")[0]
        shown = header.partition('class="account__panel"')[0]
        assert "3,79 ₽" in shown and "Рижский пр., д. 20" in shown and "805107" in shown, own
        assert "г. Псков, ул. Лесная, д. 1" in header, own


def test_what_waits_for_a_proof_shows_neither_address_nor_sum(owner_client, link, may):
    type(link).objects.update(unconfirmed_since="2026-11-01T00:00Z")
    for path in ("/cabinet/settings/", f"/cabinet/{link.pk}/"):
        page = text_of(owner_client.get(path, follow=True))
        assert "3,79 ₽" not in page and "Рижский" not in page, path
        assert "805107" in page


def test_a_reading_is_sent_from_here(owner_client, path, account):
    meter = account.meters.get()
    page = owner_client.get(path).content.decode()
    form = page.partition(f'action="{path}readings/"')[2].partition("</form>")[0]
    assert f'name="value_{meter.pk}"' in form
    wrong = owner_client.post(f"{path}readings/", {f"value_{meter.pk}": "19a", "shown": "yes"})
    assert 'value="19a"' in text_of(wrong) and "<h1>Показания</h1>" in text_of(wrong)
    for number in range(2):
        make_meter(account, f"x-{number}")
    assert f'href="{path}readings/">Передать показания</a>' in page_text(owner_client, path)


def test_the_page_says_once_when_its_data_hold(owner_client, path, may):
    loaded("charges.csv", "accounts.csv", "contracts.csv")
    assert page_text(owner_client, path).count("По данным на") == 1
    loaded("contracts.csv", as_of=datetime.datetime(2026, 11, 9, 6, tzinfo=datetime.UTC))
    page = page_text(owner_client, path)
    assert page.count("По данным на") == 2 and "По данным на 9 ноября 2026 г." in page


def test_the_way_to_pay_is_the_page_that_the_company_names(owner_client, path, may):
    page = HomePage.objects.get().add_child(
        instance=StandardPage(title="Способы оплаты", slug="pay")
    )
    link = 'href="/pay/">Как оплатить</a>'
    assert link not in page_text(owner_client, path)
    BrandSettings.objects.update_or_create(
        site=HomePage.objects.get().sites_rooted_here.get(), defaults={"payment_page": page}
    )
    assert page_text(owner_client, path).count(link) == 2  # the header, the sum
    page.unpublish()
    assert link not in page_text(owner_client, path)


def test_only_the_open_section_is_marked(owner_client, path, link):
    page = owner_client.get(f"{path}readings/").content.decode()
    marked = [line for line in page.splitlines() if 'aria-current="page"' in line]
    assert marked
    assert all("readings" in line or "href" not in line for line in marked)


def test_as_many_queries_for_one_meter_and_month_as_for_many(owner_client, path, account, may):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert owner_client.get(path).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(49):
        make_meter(account, f"x-{number}")
    month = datetime.date(2023, 1, 1)
    for number in range(35):
        make_charge(account, month.replace(year=2023 + number // 12, month=number % 12 + 1))
    assert queries() <= few  # so many meters have a button in place of their fields


def test_a_button_is_called_by_what_it_leads_to(link, stranger):
    """A delegate writes no appeals: a form of the site or a page of telephones is called what it is."""
    delegated = make_delegate(link, stranger)
    delegate = logged_in(stranger, PSKOV_HOST)
    paths = [f"/cabinet/{delegated.pk}/", f"/cabinet/{delegated.pk}/readings/"]

    def all_say(label, address):
        for path in paths:
            page = text_of(delegate.get(path))
            assert f'href="{address}">{label}<' in page, (path, label)

    for path in paths:
        assert "Создать обращение" not in text_of(delegate.get(path))
    home = HomePage.objects.get()
    contacts = ContactPage(title="Контакты", slug="kontakty")
    home.add_child(instance=contacts)
    all_say("Как с нами связаться", "/kontakty/")
    contacts.form_page = contacts.add_child(instance=FormPage(title="Написать нам", slug="form"))
    contacts.save()
    all_say("Написать нам", "/kontakty/form/")
    contacts.form_page.unpublish()
    all_say("Как с нами связаться", "/kontakty/")


def test_the_main_menu_stays_hidden(owner_client, path):
    assert "cabinet--menu-hidden" not in text_of(owner_client.get(path))
    owner_client.cookies["main_menu"] = "hidden"
    assert "cabinet--menu-hidden" in text_of(owner_client.get(path))
