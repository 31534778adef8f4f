"""«Справка»: issued once, frozen, its holder's alone."""

import datetime
import io
import json
import re
from decimal import Decimal

import pikepdf
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerHour

from cabinet.accounts.links.ending import link_end, link_end_by_operator
from cabinet.billing.models import Charge
from cabinet.statements.certificates.limits import FILES
from cabinet.statements.certificates.services import certificates_forget
from cabinet.statements.certificates.text import CertificateText, Totals
from cabinet.statements.models import Certificate
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.parts import PARTS
from portal.staff.services import staff_create
from tests.support.delegates import make_delegate
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_charge,
    make_link,
    text_of,
)
from tests.support.issued_certificates import check, issue, typed
from tests.support.pdf import pages_of_pdf


def words_of_pdf(client, path, certificate) -> str:
    response = client.get(f"{path}certificates/{certificate.pk}.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert "no-store" in response.headers["Cache-Control"]
    (page,) = pages_of_pdf(response.content)
    return page.replace("\xa0", " ").replace("\u202f", " ")


def test_from_the_button_to_the_paper(owner_client, path, figure_28):
    form = text_of(owner_client.get(path, {"since": "2024-01", "until": "2024-05"}))
    assert 'value="2024-01"' in form and "Выданные справки" not in form
    key = re.search(r'name="idempotency_key" value="([^"]+)"', form)[1]
    answer = owner_client.post(f"{path}certificate/", typed(idempotency_key=key), follow=True)
    year = timezone.localdate().year
    page = text_of(answer)
    assert f"Справка № С-000001/{year} готова" in page
    certificate = Certificate.objects.get()
    assert certificate.code in page and f"certificates/{certificate.pk}.pdf" in page
    words = words_of_pdf(owner_client, path, certificate)
    for text in (
        f"Справка по лицевому счёту № С-000001/{year}",
        "Лицевой счёт: 805107",
        "Абонент: Осипова Елена Григорьевна",
        "кв. 1",
        "Задолженность 3,79 ₽",
        "Пеня: 0,00 ₽",
        "За период: январь 2024 г. — май 2024 г.",
        "−2,60 7,39 0,00 1,00 3,79",
        certificate.code,
        f"{PSKOV_HOST}",
    ):
        assert text in words, text


def test_numbers_go_on_without_gaps(owner, path, figure_28, clock):
    clock.at("2026-12-31T20:00", "+00:00")
    owner_client = logged_in(owner, PSKOV_HOST)
    numbers = [issue(owner_client, path).number for _ in range(2)]
    # Pskov's year ends three hours before Greenwich's.
    clock.at("2026-12-31T21:30", "+00:00")
    numbers.append(issue(owner_client, path).number)
    assert numbers == ["С-000001/2026", "С-000002/2026", "С-000001/2027"]


def test_nobody_draws_papers_without_end(owner_client, path, figure_28, monkeypatch):
    certificate = issue(owner_client, path)
    monkeypatch.setattr(FILES, "item", RateLimitItemPerHour(1))
    address = f"{path}certificates/{certificate.pk}.pdf"
    assert owner_client.get(address).status_code == 200
    page = owner_client.get(address, follow=True)
    assert page.redirect_chain[-1][0] == path and "Попробуйте через час" in text_of(page)


def test_a_form_that_comes_twice_gets_one(owner_client, path, figure_28):
    fields = typed()
    for _ in range(3):
        owner_client.post(f"{path}certificate/", fields)
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("opening", "penalty", "told"),
    [
        ("0.00", "0.00", "Задолженности нет."),
        ("-5.00", "0.00", "Задолженности нет."),
        ("-5.00", "2.00", "Задолженность по пене покрывает переплата."),
        ("1234.50", "2.05", "Задолженность 1 236,55 ₽"),
    ],
)
def test_what_is_owed(owner_client, path, account, opening, penalty, told):
    month = datetime.date(2026, 5, 1)
    make_charge(account, month, opening=opening)
    make_charge(account, month, kind="penalty", accrued=penalty)
    certificate = issue(owner_client, path, since="", until="")
    assert told in words_of_pdf(owner_client, path, certificate)
    assert (Decimal(certificate.content["principal"])) == Decimal(opening)


def test_a_penalty_without_a_row_in_the_period_is_still_owed(owner_client, path, account):
    may, july = datetime.date(2026, 5, 1), datetime.date(2026, 7, 1)
    make_charge(account, may, kind="penalty", accrued="5.00")
    make_charge(account, may, opening="10.00")
    make_charge(account, july, opening="12.00")
    later = words_of_pdf(owner_client, path, issue(owner_client, path, since="2026-07", until=""))
    assert "Пеня 5,00 0,00 0,00 0,00 5,00" in later and "Между месяцами" not in later
    never = words_of_pdf(
        owner_client, path, issue(owner_client, path, since="2030-01", until="2030-02")
    )
    assert "Основной долг 12,00 0,00 0,00 0,00 12,00" in never
    issued = issue(owner_client, path, since="0001-01", until="0001-01")
    assert "Основной долг 0,00" in words_of_pdf(owner_client, path, issued)
    whole = words_of_pdf(owner_client, path, issue(owner_client, path, since="", until=""))
    assert "Основной долг 10,00 0,00 0,00 0,00 12,00" in whole
    assert "Между месяцами долг изменился на 2,00 ₽" in whole


@given(
    amounts=st.lists(st.integers(-(10**9), 10**9), min_size=5, max_size=5),
    name=st.text(max_size=160),
)
def test_what_is_stored_is_what_was_said(amounts, name):
    totals = Totals(*[Decimal(kopecks) / 100 for kopecks in amounts])
    day = datetime.date(2026, 11, 29)
    text = CertificateText(
        company_name=name,
        inn="",
        kpp="",
        ogrn="",
        company_address="",
        account_number="1",
        name=name,
        address=name,
        day=day,
        month=day,
        as_of=timezone.now(),
        principal=totals.paid,
        penalty=totals.accrued,
        paid_since=totals.corrected,
        since=day,
        until=day,
        of_principal=totals,
        of_penalty=totals,
    )
    assert CertificateText.of_json(json.loads(json.dumps(text.to_json()))) == text


def test_a_long_name_and_a_company_without_requisites(owner_client, path, figure_28):
    figure_28.last_name, figure_28.first_name = "Я|" * 50, "<b>" + "Ы" * 97
    figure_28.save()
    words = words_of_pdf(owner_client, path, issue(owner_client, path))
    assert "<b>ЫЫЫ" in words and "ИНН" not in words and "Задолженность 3,79 ₽" in words


def test_the_text_is_frozen(owner_client, path, figure_28, guest):
    certificate = issue(owner_client, path)
    before = owner_client.get(f"{path}certificates/{certificate.pk}.pdf").content
    newest = Charge.objects.filter(account=figure_28).order_by("period").last()
    make_charge(figure_28, datetime.date(2099, 1, 1), opening=str(newest.closing_balance))
    figure_28.last_name, figure_28.address = "Другая", "г. Остров"
    figure_28.save()
    assert owner_client.get(f"{path}certificates/{certificate.pk}.pdf").content == before
    assert "3,79 ₽" in text_of(check(guest, certificate.code))


def test_ten_a_day(owner_client, path, figure_28):
    for _ in range(10):
        issue(owner_client, path)
    answer = owner_client.post(f"{path}certificate/", typed(), follow=True)
    assert "выдано уже много справок" in text_of(answer)
    assert Certificate.objects.count() == 10


def test_an_account_without_charges_gets_none(owner_client, path):
    answer = owner_client.post(f"{path}certificate/", typed(since="", until=""), follow=True)
    assert "справку выдать нельзя" in text_of(answer)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"since": "2026-13"}, {"since": "2026-05"}, {"idempotency_key": "x"}, {"mode": ""}]
)
def test_a_form_that_makes_no_sense_issues_nothing(owner_client, path, figure_28, fields):
    assert owner_client.post(f"{path}certificate/", typed(**fields)).status_code == 302
    assert owner_client.get(f"{path}certificate/").status_code == 302
    assert not Certificate.objects.exists()


def test_whose_it_is(owner_client, path, link, figure_28, stranger, pskov, novgorod, owner):
    """Neither a stranger's, nor a delegate's, nor another account's, nor the other host's."""
    certificate = issue(owner_client, path)
    file = f"certificates/{certificate.pk}.pdf"
    own = make_delegate(link, stranger)
    helper = logged_in(stranger, PSKOV_HOST)
    page = text_of(helper.get(f"/cabinet/{own.pk}/statement/"))
    assert "Выписка" in page and "Справка" not in page and certificate.code not in page
    assert helper.get(f"/cabinet/{own.pk}/statement/table.csv").status_code == 200
    for start in (path, f"/cabinet/{own.pk}/statement/"):
        assert helper.get(f"{start}{file}").status_code == 404
        assert helper.post(f"{start}certificate/", typed()).status_code == 404
    other = make_link(owner, pskov, make_account("900100"))
    assert owner_client.get(f"/cabinet/{other.pk}/statement/{file}").status_code == 404
    assert logged_in(owner, NOVGOROD_HOST).get(f"{path}{file}").status_code == 404
    assert Certificate.objects.count() == 1


def test_a_new_owner_does_not_see_the_former_ones(owner_client, path, figure_28, stranger, pskov):
    certificate = issue(owner_client, path)
    new = make_link(stranger, pskov, figure_28)
    client, start = logged_in(stranger, PSKOV_HOST), f"/cabinet/{new.pk}/statement/"
    assert certificate.number not in text_of(client.get(start))
    assert client.get(f"{start}certificates/{certificate.pk}.pdf").status_code == 404


def test_unlinking_takes_the_paper_and_leaves_the_check(
    owner_client, path, link, owner, figure_28, pskov, guest, clock
):
    certificate = issue(owner_client, path)
    code = certificate.code
    link_end(link=AccountLink.objects.get(pk=link.pk))
    certificate.refresh_from_db()
    assert certificate.content == {} and certificate.code is None
    assert "Осипова" not in str(certificate.shown) and "805107" not in str(certificate.shown)
    assert certificate.number in text_of(check(guest, code))
    again = f"/cabinet/{make_link(owner, pskov, figure_28).pk}/statement/"
    assert "Выданные справки" not in text_of(owner_client.get(again))
    assert owner_client.get(f"{again}certificates/{certificate.pk}.pdf").status_code == 404
    clock.at(certificate.expires_at + datetime.timedelta(seconds=1))
    assert certificates_forget() == 1


def test_what_an_operator_ends_takes_its_certificates(owner_client, path, link, figure_28, guest):
    certificate = issue(owner_client, path)
    operator = staff_create(username="anna", password=PASSWORD, groups=["Operators"])
    link_end_by_operator(
        link=AccountLink.objects.get(pk=link.pk), operator=operator, reason="чужой"
    )
    assert check(guest, certificate.code).status_code == 404
    assert not Certificate.objects.exists()


def test_they_go_with_the_person_and_are_in_the_copy(owner_client, path, link, owner, figure_28):
    certificate = issue(owner_client, path)
    part = PARTS["certificates"]
    (row,) = part.export(owner.pk)
    assert (row["number"], row["code"]) == (certificate.number, certificate.code)
    link_end(link=AccountLink.objects.get(pk=link.pk))
    (row,) = part.export(owner.pk)
    assert row["code"] == ""
    part.delete(owner.pk)
    assert not Certificate.objects.exists()


def test_old_ones_are_forgotten(owner_client, path, figure_28, clock):
    certificate = issue(owner_client, path)
    clock.at(certificate.expires_at + datetime.timedelta(days=59))
    assert certificates_forget() == 0
    clock.at(certificate.expires_at + datetime.timedelta(days=61))
    assert certificates_forget() == 1


def test_the_lists_take_no_more_queries(owner_client, path, figure_28):
    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner_client.get(path)
        return len(queries)

    issue(owner_client, path)
    queries()
    one = queries()
    for _ in range(9):
        issue(owner_client, path)
    assert queries() == one


def test_the_paper_for_a_screen_reader(owner_client, path, figure_28):
    certificate = issue(owner_client, path)
    content = owner_client.get(f"{path}certificates/{certificate.pk}.pdf").content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "ru"
        tags = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        assert {"/H1", "/TH", "/TD", "/L", "/Figure"} <= {str(tag.S) for tag in tags}
        (alt,) = [str(tag.Alt) for tag in tags if str(tag.S) == "/Figure"]
        assert alt == "QR-код: открывает проверку этой справки"
