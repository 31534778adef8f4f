"""«Рассылки»: who may see, stop and begin one, and what is said of it."""

import datetime

import pytest

from cabinet.billing.as_of import files_as_of_note
from cabinet.bills.mailing.bill_mailing import bills_mailing_begin
from cabinet.subscriptions.models import Mailing
from cabinet.subscriptions.services import subscription_add
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, make_charge, staff_client, text_of
from tests.support.mailings import work_off

DESK = "/admin/mailings/"
BILLS = f"{DESK}bills/"


@pytest.fixture
def operator(pskov):
    return staff_client(staff_create(username="op", password=PASSWORD, groups=["Operators"]))


@pytest.fixture
def subscribed(owner, link, account, clock):
    clock.at("2026-11-05T12:00")
    subscription_add(subscriber=owner, account=account, kind="bill")
    make_charge(account, datetime.date(2026, 10, 1), accrued="4.79")


def charges_come(moment: str = "2026-11-05T06:00:00+03:00") -> None:
    files_as_of_note(["charges.csv"], datetime.datetime.fromisoformat(moment))


def test_bills_by_hand(subscribed, operator):
    assert "ещё не передавал начисления" in text_of(operator.get(BILLS))
    charges_come()
    page = text_of(operator.get(BILLS))
    assert "Разослать квитанции за ноябрь 2026 г." in page and "<strong>1</strong>" in page
    assert not Mailing.objects.exists()
    for _ in range(2):
        operator.post(BILLS, {"month": "2026-11"})
    work_off()
    assert Message.objects.count() == 1 and Mailing.objects.get().started_by == "op"
    assert AuditEntry.objects.filter(action="mailing.begin").count() == 1
    assert "уже начата" in text_of(operator.get(BILLS))


def test_a_page_that_has_shown_another_month_begins_nothing(subscribed, operator):
    charges_come()
    assert "за другой месяц" in text_of(operator.post(BILLS, {"month": "2026-10"}))
    charges_come("2026-10-05T06:00:00+03:00")
    assert "Новых ещё нет" in text_of(operator.post(BILLS, {"month": "2026-10"}))
    assert not Mailing.objects.exists()


def test_files_of_a_month_are_shown_and_tried_again(
    subscribed, operator, editor, account, monkeypatch, novgorod
):
    charges_come()
    with monkeypatch.context() as patch:

        def torn(self, document):
            raise ValueError(document.payer.name)

        patch.setattr("cabinet.bills.pdf.printer.BillPrinter.render", torn)
        bills_mailing_begin(datetime.date(2026, 11, 1))
        work_off()
    run = f"{BILLS}2026-11/"
    page = text_of(operator.get(run))
    assert "готовы" in page and "ValueError" in page and account.account_number in page
    assert "Повторить" in page and "не удалось подготовить — <strong>1" in text_of(
        operator.get(DESK)
    )
    seen = text_of(staff_client(editor).get(run))
    assert "готовы" in seen and account.account_number not in seen and "Повторить" not in seen
    assert staff_client(editor).post(f"{run}retry/").status_code == 404
    assert operator.get(f"{run}retry/").status_code == 405
    operator.post(f"{run}retry/")
    assert "готовятся" in text_of(operator.get(run))
    work_off()
    assert "ValueError" not in text_of(operator.get(run)) and Message.objects.count() == 1
    assert AuditEntry.objects.filter(action="bills.retry").count() == 1
    for absent in ("2026-13", "2026-05", "x"):
        assert operator.get(f"{BILLS}{absent}/").status_code == 404


def test_stopped_and_continued(subscribed, operator, django_assert_max_num_queries):
    mailing, _ = bills_mailing_begin(datetime.date(2026, 11, 1))
    one = f"{DESK}{mailing.pk}/"
    assert "Остановить" in text_of(operator.get(one))
    operator.get(f"{one}stop/")
    assert Mailing.objects.get().state == "waiting"
    operator.post(f"{one}stop/")
    assert Mailing.objects.get().state == "stopped"
    work_off()
    assert not Message.objects.exists()
    page = operator.post(f"{one}stop/", follow=True)
    assert "остановлена" in text_of(page)
    operator.post(f"{one}continue/")
    work_off()
    Message.objects.update(state="failed")
    for page in (operator.get(DESK), operator.get(one)):
        assert "Закончена" in text_of(page) and "не отправлено" in text_of(page).lower()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "mailing.stop",
        "mailing.continue",
    }


def test_what_is_not_sent_yet_can_be_taken_back(subscribed, operator):
    mailing, _ = bills_mailing_begin(datetime.date(2026, 11, 1))
    address = f"{DESK}{mailing.pk}/withdraw/"
    operator.post(address)
    work_off()
    Message.objects.create(kind="bill_ready", recipient="a@b.ru", mailing=mailing.pk, state="sent")
    assert "<strong>1</strong>" in text_of(operator.get(address))
    assert Message.objects.count() == 2
    operator.post(address)
    assert [message.state for message in Message.objects.all()] == ["sent"]
    assert AuditEntry.objects.filter(action="mailing.withdraw").count() == 1


def test_what_the_list_asks_does_not_grow(subscribed, operator, django_assert_max_num_queries):
    for month in range(1, 9):
        bills_mailing_begin(datetime.date(2026, month, 1))
    operator.get(DESK)
    with django_assert_max_num_queries(28):
        operator.get(DESK)


def test_an_editor_sees_and_stops_and_begins_nothing(subscribed, editor):
    charges_come()
    mailing, _ = bills_mailing_begin(datetime.date(2026, 11, 1))
    client = staff_client(editor)
    page = text_of(client.get(DESK))
    assert "Квитанции за ноябрь 2026 г." in page and BILLS not in page
    assert client.get(BILLS).status_code == client.post(BILLS).status_code == 404
    client.post(f"{DESK}{mailing.pk}/stop/")
    assert Mailing.objects.get().state == "stopped"
    assert client.post(f"{DESK}{mailing.pk}/continue/").status_code == 404


def test_settings_are_the_administrators(subscribed, company_administrator, editor, operator):
    page = text_of(staff_client(company_administrator).get(DESK))
    for name in ("mailingsettings", "remindersettings"):
        address = f"/admin/settings/subscriptions/{name}/"
        assert address in page
        assert address not in text_of(operator.get(DESK))


def test_strangers(subscribed, pskov, guest):
    mailing, _ = bills_mailing_begin(datetime.date(2026, 11, 1))
    cashier = staff_client(staff_create(username="c", password=PASSWORD, groups=["Cashiers"]))
    for path in (DESK, BILLS, f"{DESK}{mailing.pk}/"):
        assert cashier.get(path).status_code == 404
        assert guest.get(path).status_code == 302
