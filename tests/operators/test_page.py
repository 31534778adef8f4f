"""The account's page: the holder's own figures, who has the account, what was sent to them."""

import datetime
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.accounts.models import Application, LinkDispute
from cabinet.billing.models import BillingPayment, FileAsOf
from cabinet.houses.models import House, RepairWork
from cabinet.notifications.sent import TITLES
from cabinet.subscribers.models import AccountLink, Delegation
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.messaging.services import message_send
from tests.support.factories import (
    make_charge,
    make_link,
    make_meter,
    make_reading,
    make_subscriber,
    text_of,
)
from tests.support.payments import make_payment

OCTOBER = datetime.date(2026, 10, 1)


def figures(page: str) -> set[str]:
    """The sums and volumes of a page."""
    return set(re.findall(r"−?\d[\d ]*(?:,\d\d ₽| м³)", page))


@pytest.fixture
def billing(account):
    FileAsOf.objects.create(
        file="charges.csv", as_of=datetime.datetime(2026, 11, 5, 6, tzinfo=datetime.UTC)
    )
    make_charge(account, OCTOBER, opening="120.10", accrued="1500.55", paid="700.00", volume=200)
    make_charge(account, OCTOBER, kind="penalty", accrued="3.07")
    make_charge(account, OCTOBER, service="to", service_name="Техобслуживание", accrued="77.70")
    BillingPayment.objects.create(
        payment_id="p-77", account=account, paid_on=OCTOBER, amount="700.00", source="Почта"
    )


def test_the_same_figures_as_the_holders(opened, path, owner_client, link, billing):
    own = text_of(owner_client.get(f"/cabinet/{link.pk}/"))
    shown = text_of(opened.get(path))
    assert "1 001,42 ₽" in figures(shown)
    balance = own.partition('aria-labelledby="balance"')[2].partition("</section>")[0]
    assert figures(balance) and figures(balance) <= figures(shown)
    assert "По данным на 5 ноября 2026 г." in shown
    history = f"/cabinet/{link.pk}/readings/"
    assert "1 900 м³" in figures(text_of(owner_client.get(history)))
    assert "1 900 м³" in figures(text_of(opened.get(f"{path}readings/")))


def test_charges_add_up_as_the_balance_says(opened, path, billing):
    page = text_of(opened.get(f"{path}charges/"))
    month = page.partition("Октябрь 2026")[2].partition("</tr>")[0]
    assert re.findall(r"−?[\d ]+,\d\d", month)[-1].strip() == "1 001,42"
    assert "Техобслуживание" in page and "пени" in page and "200 м³" in page
    page = text_of(opened.get(f"{path}payments/"))
    assert "700,00 ₽" in page and "Почта" in page and "p-77" in page


def test_bills_are_taken_while_the_account_is_open(operator, path, account, billing):
    """Each file is in the log; a GET, which could be sent by any page, takes nothing."""
    file = f"{path}bills/2026-11/1.pdf"
    assert "Зачем открываете?" in text_of(operator.post(file))
    operator.post(f"{path}open/", {"reason": "звонок абонента"})
    page = text_of(operator.get(f"{path}bills/"))
    assert "Ноябрь 2026 г." in page and "1 001,42 ₽" in page and "120,10 ₽" in page
    assert operator.get(file).status_code == 405
    answer = operator.post(file)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    for nothing in ("2026-12/1", "2026-11/2", "2026-13/1"):
        assert operator.post(f"{path}bills/{nothing}.pdf").status_code == 404
    (row,) = AuditEntry.objects.filter(action="account.bill")
    assert (row.subject, row.details) == ("805107", {"month": "2026-11", "number": 1})


def test_a_fund_has_its_house_and_no_readings(operator, path, account, pskov):
    """By the kind of the company; readings of a fund's account are not asked for."""
    house = House.objects.create(house_code="h-1", address="г. Псков, Рижский пр., д. 20")
    RepairWork.objects.create(house=house, number="1", kind="Ремонт крыши", planned_year=2031)
    account.house_code = "h-1"
    account.save()
    operator.post(f"{path}open/", {"reason": "звонок собственника"})
    page = text_of(operator.get(path))
    assert "Ремонт крыши" in page and "2031" in page


def test_who_has_the_account_and_by_which_proof(opened, path, account, owner, pskov, link):
    assert "Номер счётчика" in text_of(opened.get(f"{path}people/"))
    other = make_link(make_subscriber(phone="+79111234567"), pskov, account)
    delegation = Delegation.objects.create(
        owner_link=link,
        company=pskov,
        account_number="805107",
        contact="+79111234567",
        delegate=other.subscriber,
        right="read",
        ends_on=datetime.date(2027, 3, 1),
        link_expires_at=datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC),
        accepted_at=datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC),
    )
    AccountLink.objects.filter(pk=other.pk).update(delegation=delegation)
    AccountLink.objects.filter(pk=link.pk).update(
        unconfirmed_since=datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC)
    )
    page = text_of(opened.get(f"{path}people/"))
    assert "o…@mail.ru" in page and "owner@mail.ru" not in page
    assert "не подтверждён с 2 ноября 2026 г." in page
    assert "+7…4567" in page and "+79111234567" not in page
    assert "доверенное лицо, может смотреть" in page and "до 1 марта 2027 г." in page


def test_what_waits_for_a_decision(opened, path, owner):
    LinkDispute.objects.create(account_number="805107", subscriber_id=owner.pk)
    Application.objects.create(
        number="482913075",
        state="waiting",
        reason="no_proof",
        region="Псковская область",
        address="г. Псков",
        account_number="80-5107",
        last_name="Осипова",
        first_name="Елена",
        document_kind="other",
        document_number="1",
        document_date=OCTOBER,
    )
    page = text_of(opened.get(f"{path}people/"))
    assert (
        "оспаривает привязку" in page
        and "/admin/accounts/disputes/" in page
        and "482 913 075" in page
    )


def test_letters_without_what_they_said(opened, path, owner, link, pskov, stranger):
    context = {"company_name": "Псков", "url": "http://x/", "password": "тайна-1", "minutes": 60}
    for person, mail in ((owner, "owner@mail.ru"), (stranger, "stranger@mail.ru")):
        message_send(kind="temporary_password", recipient=mail, context=context, person=person.pk)
    Message.objects.filter(person=owner.pk).update(state="failed")
    page = text_of(opened.get(f"{path}messages/"))
    assert "Временный пароль" in page and "o…@mail.ru" in page and "Не отправлено" in page
    assert "тайна" not in page and "s…@mail.ru" not in page


def test_messages_about_another_account_are_not_shown(opened, path, owner, link, account):
    about = {"password_changed": "", "account_link_ended": account.account_number}
    for kind, number in {**about, "readings_reminder": "999"}.items():
        Message.objects.create(
            kind=kind, recipient="owner@mail.ru", person=owner.pk, account_number=number
        )
    page = text_of(opened.get(f"{path}messages/"))
    assert "Пароль изменён" in page and "Привязку счёта завершил оператор" in page
    assert "Напоминание о показаниях" not in page


def test_every_kind_of_letter_to_people_has_a_title():
    """A new one gets its words in `cabinet/notifications/sent.py`."""
    kinds = {file.stem for file in Path("templates/messages").glob("*.html")}
    to_people = {one for one in kinds if not one.startswith("staff_")}
    to_firms = {"base", "form_submission", "connection_forward"}
    assert to_people - to_firms == set(TITLES)


def test_a_wrong_link_is_ended_with_a_reason(opened, path, link, owner, account):
    address = f"{path}links/{link.pk}/end/"
    assert address in text_of(opened.get(f"{path}people/"))
    assert "o…@mail.ru" in text_of(opened.get(address))
    assert "Напишите" in text_of(opened.post(address, {"reason": ""}))
    assert AccountLink.objects.filter(pk=link.pk).exists()
    answer = opened.post(address, {"reason": "счёт продан другому"}, follow=True)
    assert "Счёт отвязан" in text_of(answer)
    assert not AccountLink.objects.filter(pk=link.pk).exists()
    assert AuditEntry.objects.get(action="link.end").details["reason"] == "счёт продан другому"
    assert Message.objects.filter(kind="account_link_ended", person=owner.pk).exists()
    again = opened.post(address, {"reason": "счёт продан другому"}, follow=True)
    assert "Этой привязки больше нет" in text_of(again)


def test_a_link_of_another_account_or_company_is_not_ended_here(
    opened, path, account, owner, novgorod, stranger
):
    foreign = make_link(stranger, novgorod, account)
    address = f"{path}links/{foreign.pk}/end/"
    for answer in (opened.get(address), opened.post(address, {"reason": "чужой счёт"})):
        assert answer.url == f"{path}people/"
    assert AccountLink.objects.filter(pk=foreign.pk).exists()


def test_a_page_costs_the_same_for_many(opened, path, account, pskov, link, billing):
    """Queries do not grow with people, meters, months and readings."""
    tabs = ("", "readings/", "charges/", "payments/", "bills/", "people/")

    def queries() -> list[int]:
        counts = []
        for tab in tabs:
            opened.get(f"{path}{tab}")
            with CaptureQueriesContext(connection) as caught:
                opened.get(f"{path}{tab}")
            counts.append(len(caught))
        return counts

    few = queries()
    for number in range(4):
        make_link(make_subscriber(f"p{number}@mail.ru"), pskov, account)
        meter = make_meter(account, f"m-{number}0", serial_number=f"9{number}")
        for day in range(1, 6):
            make_reading(meter, day * 10, datetime.date(2026, day, 1))
        make_charge(account, datetime.date(2026, number + 1, 1), accrued="10.00")
        LinkDispute.objects.create(
            account_number="805107", subscriber_id=make_subscriber(f"q{number}@mail.ru").pk
        )
    assert queries() == few


def test_histories_are_searched_as_in_the_cabinet(opened, path, account, billing):
    """The same search, and the same totals, as the holder's pages have."""
    make_charge(account, datetime.date(2024, 5, 1), opening="4.79", paid="1.00")
    page = text_of(opened.get(f"{path}charges/", {"q": "май 24"}))
    assert "Май 2024" in page and "Октябрь 2026" not in page
    total = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert re.findall(r"[\d ]+,\d\d", total)[-1].strip() == "3,79"
    assert "Май 2024" not in text_of(opened.get(f"{path}charges/"))
    assert "Май 2024" in text_of(opened.get(f"{path}charges/", {"everything": "1"}))
    page = text_of(opened.get(f"{path}payments/", {"q": "'; --"}))
    assert "Введите дату" in page and "p-77" not in page
    assert "p-77" in text_of(opened.get(f"{path}payments/", {"q": "700"}))


def test_payments_through_the_portal_with_a_way_to_where_the_money_is(opened, path, account):
    make_charge(account, datetime.date(2026, 5, 1), opening="300.00")
    payment = make_payment(account, "pending", principal="194.39")
    page = text_of(opened.get(f"{path}payments/"))
    assert f'href="/admin/payments/{payment.pk}/"' in page
    assert "194,39 ₽" in page and "Обрабатывается" in page and "Личный кабинет" in page
    assert "194,39 ₽ обрабатывается" in text_of(opened.get(path))
    assert opened.get(f"/admin/payments/{payment.pk}/").status_code == 200
