"""Bills in letters: as a file or by a link, the very file whose sum the letter says, each once."""

import datetime
from email.message import EmailMessage

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from cabinet.accounts.models import LastSurnameChange
from cabinet.billing.as_of import files_as_of_note
from cabinet.billing.models import BillingPayment
from cabinet.bills.mailing import bill_mailing
from cabinet.bills.mailing.bill_mailing import bills_mailing_begin
from cabinet.bills.many.files import files_forget
from cabinet.bills.many.runs import run_begin
from cabinet.bills.models import BillFile, BillRun
from cabinet.subscriptions.addresses import bills_address_set
from cabinet.subscriptions.mailings.batches import mailing_continue
from cabinet.subscriptions.models import Mailing, Subscription
from cabinet.subscriptions.services import subscription_add
from portal.messaging.models import Attachment, Message
from portal.messaging.sending import messages_drain
from portal.uploads.services import private_storage
from tenants.models import GasCompany
from tests.exchange.builder import charge, charges
from tests.support.factories import logged_in, make_account, make_charge, make_link
from tests.support.inbox import Inbox, smtp_server
from tests.support.mailings import work_off

OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)
SORRY = "В этот раз приложить файл не получилось."


@pytest.fixture
def subscription(owner, link, account, clock, settings, tmp_path) -> Subscription:
    settings.PRIVATE_ROOT = tmp_path
    clock.at("2026-11-05T12:00")
    files_as_of_note(["charges.csv"], datetime.datetime.fromisoformat("2026-11-02T09:00+03:00"))
    return subscription_add(subscriber=owner, account=account, kind="bill")


@pytest.fixture
def inbox(settings):
    with smtp_server(settings) as found:
        yield found


def tell(month: datetime.date = NOVEMBER) -> Mailing:
    mailing, _ = bills_mailing_begin(month)
    work_off()
    mailing.refresh_from_db()
    return mailing


def sent(inbox: Inbox) -> list[EmailMessage]:
    messages_drain()
    return sorted(inbox.letters, key=lambda one: one["Subject"])


def body(letter: EmailMessage, kind: str = "plain") -> str:
    content = letter.get_body((kind,)).get_content()
    return " ".join(
        content.replace("\xa0", " ").replace("\u202f", " ").replace("&nbsp;", " ").split()
    )


def files_in(letter: EmailMessage) -> dict[str, str]:
    """The text of each PDF by the file's name."""
    found = {}
    for file in letter.iter_attachments():
        assert file.get_content_type() == "application/pdf"
        pdf = pypdfium2.PdfDocument(file.get_content())
        text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
        found[str(file.get_filename())] = text.replace("\xa0", " ").replace("\u202f", " ")
    return found


def test_a_file_in_a_letter_that_leads_to_the_bill(
    subscription, account, link, pskov, owner, inbox
):
    make_charge(account, OCTOBER, accrued="1234.50")
    assert tell().state == "done"
    (letter,) = sent(inbox)
    ((name, text),) = files_in(letter).items()
    assert name == "Квитанция 805107 за ноябрь 2026.pdf"
    assert "805107" in text and "1 234,50" in text
    said = body(letter)
    page = f"/cabinet/{link.pk}/bills/2026-11/1/"
    assert "к оплате 1 234,50 ₽" in said and "приложена к письму" in said
    assert f"Открыть квитанцию: {pskov.url}{page}" in said
    change = f"/cabinet/settings/subscriptions/receipts/{link.pk}/address/"
    assert f"Получать ссылку вместо файла: {pskov.url}{change}" in said
    assert f"{pskov.url}{page}" in letter.get_body(("html",)).get_content()
    client = logged_in(owner, "pskov.gas.localhost")
    assert client.get(page).status_code == 200 and client.get(change).status_code == 200
    assert not Attachment.objects.exists()
    assert private_storage().exists(BillFile.objects.get().path)


def test_a_link_needs_the_login(subscription, account, link, inbox, guest):
    subscription.bills_as = "link"
    subscription.save()
    make_charge(account, OCTOBER, accrued="4.79")
    tell()
    (letter,) = sent(inbox)
    assert files_in(letter) == {} and not BillFile.objects.exists()
    said = body(letter)
    assert "Получать квитанцию файлом:" in said and SORRY not in said and "приложен" not in said
    page = f"/cabinet/{link.pk}/bills/2026-11/1/"
    assert page in said and guest.get(page).status_code == 302


def test_a_letter_that_waits_goes_without_the_file_that_is_wanted_no_more(
    subscription, account, owner, pskov, inbox
):
    make_charge(account, OCTOBER, accrued="4.79")
    tell()
    bills_address_set(
        subscriber=owner, account=account, address=owner.email, company=pskov, bills_as="link"
    )
    (letter,) = sent(inbox)
    assert files_in(letter) == {} and "Получать квитанцию файлом:" in body(letter)
    assert SORRY not in body(letter) and "приложен" not in body(letter)


def test_several_bills_are_one_letter_and_two_accounts_two(
    subscription, owner, account, pskov, inbox
):
    make_charge(account, OCTOBER, accrued="100.00")
    make_charge(account, OCTOBER, accrued="20.00", service="to", bill_kind="то")
    other = make_account("806018")
    make_link(owner, pskov, other)
    subscription_add(subscriber=owner, account=other, kind="bill")
    make_charge(other, OCTOBER, accrued="7.00")
    tell()
    letters = {letter.get_body(("plain",)).get_content()[:200]: letter for letter in sent(inbox)}
    assert len(letters) == 2 and {one["To"] for one in letters.values()} == {"owner@mail.ru"}
    (both,) = (one for one in letters.values() if "805107" in body(one))
    (single,) = (one for one in letters.values() if "806018" in body(one))
    assert [*files_in(both)] == [
        "Квитанция 805107 за ноябрь 2026, № 1.pdf",
        "Квитанция 805107 за ноябрь 2026, № 2.pdf",
    ]
    assert "к оплате 120,00 ₽" in body(both) and "файлов PDF — 2" in body(both)
    assert "/bills/?year=2026" in body(both)
    assert [*files_in(single)] == ["Квитанция 806018 за ноябрь 2026.pdf"]


@pytest.mark.parametrize("what", ["gone", "other"])
def test_a_letter_goes_without_a_file_that_is_not_its_own(subscription, account, inbox, what):
    make_charge(account, OCTOBER, accrued="4.79")
    tell()
    path = BillFile.objects.get().path
    private_storage().delete(path)
    if what == "other":
        private_storage().save(path, ContentFile(b"%PDF-1.7"))
    (letter,) = sent(inbox)
    assert files_in(letter) == {} and SORRY in body(letter) and SORRY in body(letter, "html")


def test_a_letter_says_the_sum_of_its_file_or_has_none(subscription, account, inbox, monkeypatch):
    """Billing has changed the sum between the file and the letter."""
    make_charge(account, OCTOBER, accrued="4.79")
    found = bill_mailing.accounts_bills

    def changed(*arguments):
        make_charge(account, OCTOBER, accrued="1.00", service="to")
        monkeypatch.undo()
        return found(*arguments)

    monkeypatch.setattr(bill_mailing, "accounts_bills", changed)
    tell()
    (letter,) = sent(inbox)
    assert "к оплате 5,79 ₽" in body(letter)
    assert files_in(letter) == {} and SORRY in body(letter)


@pytest.mark.parametrize(
    ("paid", "said"),
    [("1000.00", "к оплате 234,50 ₽"), ("1234.50", "платить ничего не нужно")],
)
def test_what_was_paid_since_is_asked_for_by_neither(subscription, account, inbox, paid, said):
    make_charge(account, OCTOBER, accrued="1234.50")
    make_charge(account, NOVEMBER, opening="1234.50", paid=paid)
    BillingPayment.objects.create(
        payment_id="1", account=account, paid_on="2026-11-02", amount=paid, source="Банк"
    )
    tell()
    (letter,) = sent(inbox)
    ((_, text),) = files_in(letter).items()
    assert said in body(letter) and "из них оплачено" in text
    assert ("Извещение об оплате" in text) == ("234,50 ₽" in said)


def test_a_replaced_file_goes_with_the_letter_that_was_written_for_it(subscription, account, inbox):
    row = make_charge(account, OCTOBER, accrued="4.79")
    tell()
    row.accrued = row.closing_balance = "5.00"
    row.save()
    run_begin(NOVEMBER)
    work_off()
    assert sorted(BillFile.objects.values_list("state", flat=True)) == ["current", "old"]
    (letter,) = sent(inbox)
    ((_, text),) = files_in(letter).items()
    assert "4,79" in text and "к оплате 4,79 ₽" in body(letter)


def test_a_new_owner_is_not_sent_the_former_ones_file(subscription, account, clock, inbox):
    """The mailing was stopped when the files were ready, and goes on with the account's new owner."""
    make_charge(account, OCTOBER, accrued="4.79")
    tell()
    Message.objects.all().delete()
    clock.at("2026-11-06T12:00")
    LastSurnameChange.objects.create(account_number="805107", changed_at=timezone.now())
    Mailing.objects.update(state=Mailing.State.STOPPED, cursor=None)
    mailing_continue(Mailing.objects.get().pk)
    work_off()
    (letter,) = sent(inbox)
    assert files_in(letter) == {} and SORRY in body(letter)


def test_once_a_month_whatever_comes(subscription, account, load, inbox):
    october = charge("2026-10", "-2.60", "7.39", "0.00", "0.00", "4.79")
    for _ in range(2):
        load(charges(october))
        work_off()
    load(charges(charge("2026-10", "-2.60", "9.39", "0.00", "0.00", "6.79")))
    work_off()
    assert len(sent(inbox)) == 1 and Mailing.objects.get().people == 1


def test_the_next_month_has_a_run_of_its_own(subscription, account, load, clock, inbox):
    load(charges(charge("2026-10", "0.00", "4.79", "0.00", "0.00", "4.79")))
    work_off()
    clock.at("2026-12-05T12:00")
    november = charge("2026-11", "4.79", "5.00", "0.00", "0.00", "9.79")
    load(charges(november), as_of="2026-12-05T06:00:00+03:00")
    work_off()
    assert [str(one) for one in BillRun.objects.order_by("month")] == ["2026-11", "2026-12"]
    names = {name for letter in sent(inbox) for name in files_in(letter)}
    assert names == {
        "Квитанция 805107 за ноябрь 2026.pdf",
        "Квитанция 805107 за декабрь 2026.pdf",
    }


def test_a_suspended_companys_waits(subscription, account, pskov):
    make_charge(account, OCTOBER, accrued="4.79")
    GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
    pskov.refresh_from_db()
    assert tell().state == "waiting" and not Message.objects.exists()
    GasCompany.objects.filter(pk=pskov.pk).update(status="active")
    pskov.refresh_from_db()
    work_off()
    assert Mailing.objects.get().state == "done" and Message.objects.count() == 1


def test_files_are_forgotten(subscription, account, clock):
    make_charge(account, OCTOBER, accrued="4.79")
    tell()
    path = BillFile.objects.get().path
    clock.at("2026-12-31T12:00")
    assert files_forget() == 0 and private_storage().exists(path)
    clock.at("2027-01-06T12:00")
    assert files_forget() == 1 and not private_storage().exists(path)
    assert not BillFile.objects.exists()
