"""Transfers, registries by a profile, and the file for 1C."""

import datetime
from decimal import Decimal

import client_bank_1c
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cabinet.payments.bank_files.reading import RegistryBroken, registry_read
from cabinet.payments.desk import transfers
from cabinet.payments.models import (
    Payment,
    PaymentRegistryProfile,
    Transfer,
)
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.refunds.sums import left_of
from tests.support.factories import (
    text_of,
)
from tests.support.paying import requisites_set
from tests.support.payment_desk import DESK, refund
from tests.support.provider import paid, shop_open


def test_a_day_is_marked_as_transferred(payment, anna, account):
    today = timezone.localdate()
    earlier = paid(account, at=day_of(today - datetime.timedelta(days=2))[0])
    data = {
        "paid_from": today.isoformat(),
        "paid_to": today.isoformat(),
        "number": "771",
        "transferred_on": today.isoformat(),
    }
    page = anna.post(f"{DESK}transfers/", data, follow=True)
    assert "Отмечено платежей: 1" in text_of(page)
    payment.refresh_from_db()
    assert payment.transfer.number == "771"
    assert Payment.objects.get(pk=earlier.pk).transfer is None
    assert "771" in text_of(anna.get(f"{DESK}{payment.pk}/"))
    for wrong in (
        {"transferred_on": "2030-01-01"},
        {"paid_to": "2020-01-01"},
        {"number": "7 ; 1"},
        {"number": ""},
    ):
        page = anna.post(f"{DESK}transfers/", data | wrong)
        assert page.status_code == 200 and "w-field__error" in page.content.decode(), wrong
    assert Transfer.objects.count() == 1


def make_profile(**fields):
    return PaymentRegistryProfile.objects.create(
        **{
            "name": "Банк",
            "columns": [
                "number",
                "account_number",
                "paid_on",
                "amount",
                "",
                "provider_id",
                "transferred_on",
                "order_number",
            ],
            "control": ["count", "amount"],
            **fields,
        }
    )


def test_a_registry_is_written_and_read_back(payment, anna, account):
    """Our own file, with the bank's payment order filled in, marks the payments that it names."""
    paid(account, "10.00", "0.00")
    profile = make_profile()
    today = timezone.localdate()
    query = {"paid_from": today, "paid_to": today, "file": profile.pk}
    answer = anna.get(f"{DESK}files/", query)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode("cp1251").split("\r\n")
    day = f"{today:%d.%m.%Y}"
    assert lines[0] == f"{payment.pk};805107;{day};194,39;;{payment.provider_id};;"
    assert lines[2:] == ["=;2;204,39", ""]
    filled = answer.content.decode("cp1251").replace(";;\r\n", f";{day};815\r\n")
    assert len(registry_read(profile, filled.encode("cp1251"))) == 2
    page = upload(anna, profile, filled.encode("cp1251"))
    assert "Отмечено платежей: 2" in text_of(page)
    assert Transfer.objects.get().source == "registry.txt"
    assert "Уже были отмечены: 2" in text_of(upload(anna, profile, filled.encode("cp1251")))


def upload(client, profile, content):
    file = SimpleUploadedFile("registry.txt", content)
    data = {"registry-profile": profile.pk, "registry-file": file}
    return client.post(f"{DESK}transfers/upload/", data, follow=True)


LINE = "{pk};805107;28.11.2026;194,39;;{provider};28.11.2026;815\r\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LINE + "=;2;194,39\r\n", "число строк"),
        (LINE + "=;1;194,40\r\n", "сумма платежа с комиссией"),
        (LINE, "контрольной строки"),
        (LINE + LINE + "=;2;388,78\r\n", "уже назван в строке 1"),
        (LINE.replace("194,39", "1e3") + "=;1;1000\r\n", "не читается"),
        (LINE.replace(";815", "") + "=;1;194,39\r\n", "полей 7"),
        (LINE.replace("815", "") + "=;1;194,39\r\n", "нет даты или номера"),
        ("\r\n", "нет строк"),
        (LINE.replace(";", ";\0"), "в другой кодировке"),
    ],
)
def test_a_broken_registry_marks_nothing(payment, anna, content, said):
    profile = make_profile()
    text = content.format(pk=payment.pk, provider=payment.provider_id)
    assert said in text_of(upload(anna, profile, text.encode("cp1251")))
    assert not Transfer.objects.exists()


def test_somebody_else_s_line_and_another_sum_are_counted(payment, anna):
    profile = make_profile()
    text = LINE.format(pk=payment.pk, provider=payment.provider_id).replace("194,39", "1,00")
    text += LINE.format(pk=999_999, provider="not-ours")
    page = text_of(upload(anna, profile, f"{text}=;2;195,39\r\n".encode("cp1251")))
    assert "Не нашли у себя или сумма другая: 2" in page
    assert Payment.objects.get(pk=payment.pk).transfer is None


def test_the_encoding_is_checked():
    with pytest.raises(RegistryBroken, match="кодировке"):
        registry_read(make_profile_unsaved(), "=;0;0\r\n".encode("utf-16"))


def make_profile_unsaved():
    return PaymentRegistryProfile(columns=["number"], control=["count"], encoding="utf-8")


def test_a_format_with_its_preview(payment, anna):
    form = {
        "name": "Биллинг",
        "encoding": "utf-8",
        "separator": "|",
        "date_format": "%Y-%m-%d",
        "decimal_mark": ".",
        "control_sign": "#",
        "control": ["count", "credited"],
        "column_1": "account_number",
        "column_2": "empty",
        "column_3": "credited",
    }
    page = text_of(anna.post(f"{DESK}profiles/add/", form | {"preview": "1"}))
    assert "805107||194.39" in page and "#|1|194.39" in page
    assert not PaymentRegistryProfile.objects.exists()
    anna.post(f"{DESK}profiles/add/", form)
    profile = PaymentRegistryProfile.objects.get()
    assert (profile.columns, profile.control) == (
        ["account_number", "", "credited"],
        ["count", "credited"],
    )
    for wrong, said in (
        ({"column_2": "credited"}, "выбран дважды"),
        ({"control": ["count"]}, "Отметьте и сумму"),
        ({"control": ["count", "amount"]}, "нет столбца"),
        ({"separator": "а"}, "Разделитель"),
        ({"separator": ",", "decimal_mark": ","}, "уже отделяет копейки"),
    ):
        assert said in text_of(anna.post(f"{DESK}profiles/{profile.pk}/", form | wrong)), said
    anna.post(f"{DESK}profiles/{profile.pk}/delete/")
    assert not PaymentRegistryProfile.objects.exists()


def test_1c_reads_the_file(payment, anna, account):
    requisites_set()
    Payment.objects.filter(pk=payment.pk).update(
        transfer=Transfer.objects.create(number="815", transferred_on=timezone.localdate())
    )
    refund(anna, payment, "94,32")
    today = timezone.localdate()
    answer = anna.get(f"{DESK}files/", {"paid_from": today, "paid_to": today, "file": "1c"})
    assert answer.content.startswith(b"1CClientBankExchange\r\n")
    read = client_bank_1c.load(answer.content)
    assert read.info["ВерсияФормата"] == "1.03" and read.info["ДатаНачала"] == today
    [document] = read.documents
    assert (document["Сумма"], document["Дата"]) == (Decimal("100.07"), today)
    assert document["ДатаПоступило"] == today and "805107" in document["НазначениеПлатежа"]
    assert "пени 0.07" in document["НазначениеПлатежа"]
    assert read.accounts[0]["ВсегоПоступило"] == Decimal("100.07")


def test_1c_has_no_document_of_nothing(pskov, books, anna, account):
    """The services were given back, the portal's commission was not."""
    requisites_set()
    shop_open()
    payment = paid(account, commission="15.00", collector="portal")
    refund(anna, payment, "194,32", penalty="0,07", commission="0")
    assert left_of([payment.pk])[payment.pk].total == 15
    today = timezone.localdate()
    answer = anna.get(f"{DESK}files/", {"paid_from": today, "paid_to": today, "file": "1c"})
    assert client_bank_1c.load(answer.content).documents == []


def test_a_file_that_would_keep_the_server_busy_is_not_made(payment, anna, monkeypatch):
    today = timezone.localdate()
    asked = {"paid_from": today, "paid_to": today, "file": "1c"}
    monkeypatch.setattr(transfers, "_MOST", 0)
    answer = anna.get(f"{DESK}files/", asked, follow=True)
    assert "Выберите меньше дней" in text_of(answer)
