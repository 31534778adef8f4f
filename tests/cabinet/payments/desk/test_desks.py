"""The cashiers' desks in the browser: who gets in, refunds, four eyes, transfers, files, reconciliation."""

import datetime
import re
import uuid
from decimal import Decimal

import client_bank_1c
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.notifications.models import Notification
from cabinet.payments.bank_files.reading import RegistryBroken, registry_read
from cabinet.payments.base import OutcomeUnknown
from cabinet.payments.desk import transfers
from cabinet.payments.desk.figures import waiting_now
from cabinet.payments.models import (
    Difference,
    Payment,
    PaymentRegistryProfile,
    Reconciliation,
    Refund,
    RefundRequest,
    Transfer,
)
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.reconciliation.services import reconciliation_run
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    staff_client,
    text_of,
)
from tests.support.paying import requisites_set
from tests.support.provider import listed, paid, shop_open

DESK = "/admin/payments/"


def staff(name, role):
    return staff_client(staff_create(username=name, password=PASSWORD, groups=[role]))


@pytest.fixture
def anna(pskov):
    return staff("anna", roles.CASHIERS)


@pytest.fixture
def payment(pskov, account, books, owner):
    shop_open()
    return paid(account, subscriber_id=owner.pk)


def refund(client, payment, principal="100,00", reason="Ошибся счётом", **fields):
    page = text_of(client.get(f"{DESK}{payment.pk}/refund/"))
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    data = {
        "principal": principal,
        "penalty": "0",
        "reason": reason,
        "form_key": key[1] if key else str(uuid.uuid4()),
        **fields,
    }
    return client.post(f"{DESK}{payment.pk}/refund/", data, follow=True)


# --- who ------------------------------------------------------------------------------------------

PAGES = {
    "": {roles.CASHIERS, roles.OPERATORS, roles.COMPANY_ADMINISTRATORS},
    "{pk}/": {roles.CASHIERS, roles.OPERATORS, roles.COMPANY_ADMINISTRATORS},
    "refunds/": {roles.CASHIERS, roles.OPERATORS, roles.COMPANY_ADMINISTRATORS},
    "{pk}/refund/": {roles.CASHIERS, roles.COMPANY_ADMINISTRATORS},
    "requests/": {roles.CASHIERS, roles.COMPANY_ADMINISTRATORS},
    "transfers/": {roles.CASHIERS, roles.COMPANY_ADMINISTRATORS},
    "files/": {roles.CASHIERS, roles.COMPANY_ADMINISTRATORS},
    "profiles/": {roles.CASHIERS, roles.COMPANY_ADMINISTRATORS},
    "../reconciliation/": {roles.CASHIERS, roles.COMPANY_ADMINISTRATORS},
}


@pytest.mark.parametrize("role", roles.ROLES)
def test_who_sees_what(payment, role):
    client = staff("somebody", role)
    for page, may in PAGES.items():
        path = f"{DESK}{page.format(pk=payment.pk)}".replace("payments/../", "")
        assert client.get(path).status_code == (200 if role in may else 404), path


def test_operators_change_nothing(payment):
    operator = staff("operator", roles.OPERATORS)
    page = text_of(operator.get(f"{DESK}{payment.pk}/"))
    assert "Вернуть деньги" not in page and "194,39" in page
    for path in (
        f"{DESK}{payment.pk}/refund/",
        f"{DESK}transfers/",
        f"{DESK}transfers/upload/",
        "/admin/reconciliation/start/",
    ):
        assert operator.post(path, {}).status_code == 404, path


def test_without_the_second_factor_and_on_other_hosts(payment, anna, central_admin):
    client = Client(headers={"host": PSKOV_HOST})
    client.post("/admin/login/", {"username": "anna", "password": PASSWORD})
    assert client.get(DESK).status_code == 302
    assert staff_client(central_admin, BASE_HOST).get(DESK).status_code == 404
    assert anna.get(f"{DESK}{payment.pk}/", headers={"host": NOVGOROD_HOST}).status_code == 302


# --- the list and one payment ---------------------------------------------------------------------


def test_found_by_account_day_sum_and_number(payment, anna, account):
    other = paid(make_account("900001"), "1111.10", "0.00")
    day = timezone.localdate()
    for typed in ("900001", "1 111,10", str(other.pk), str(other.payment_id), other.provider_id):
        page = text_of(anna.get(DESK, {"q": typed}))
        assert f"{DESK}{other.pk}/" in page and f"{DESK}{payment.pk}/" not in page, typed
    assert f"{DESK}{payment.pk}/" in text_of(anna.get(DESK, {"q": f"{day:%d.%m.%Y}"}))
    assert "Таких платежей нет" in text_of(anna.get(DESK, {"q": "01.01.2020"}))
    for query in ({"state": "open"}, {"days": "yesterday"}, {"channel": "guest"}):
        assert "Таких платежей нет" in text_of(anna.get(DESK, query)), query
    assert f"{DESK}{payment.pk}/" in text_of(
        anna.get(DESK, {"state": "succeeded", "days": "today"})
    )


def test_figures_on_top_and_on_the_first_page(payment, anna, account):
    RefundRequest.objects.create(payment=payment, text="Не туда")
    page = text_of(anna.get(DESK))
    assert "194,39 ₽" in page and "Просьбы о возврате без ответа: 1" in page
    first = text_of(anna.get("/admin/"))
    assert "Просьбы о возврате" in first and "в очереди 1" in first


def test_what_waits_is_counted_by_indexes(payment):
    """The desk's first page is opened all day, and a company has millions of payments."""
    with CaptureQueriesContext(connection) as captured:
        waiting_now()
    asked = [query["sql"] for query in captured if 'FROM "payments_payment"' in query["sql"]]
    indexes = ["payment_open", "payment_mismatch", "payment_untransferred"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query, index in zip(asked, indexes, strict=True):
            cursor.execute(f"EXPLAIN {query}")
            assert index in str(cursor.fetchall()), query


def test_lists_ask_a_constant_number_of_queries(
    payment, anna, account, django_assert_max_num_queries
):
    anna.get(DESK)
    for _ in range(20):
        paid(account)
    with django_assert_max_num_queries(40):
        anna.get(DESK)


def test_the_provider_s_answer_hides_the_payer(payment, anna):
    Payment.objects.update(
        provider_state={
            "id": payment.provider_id,
            "status": "succeeded",
            "payment_method": {"type": "bank_card", "card": {"last4": "4444"}},
            "receipt": {"customer": {"email": "payer@mail.ru"}},
        }
    )
    page = text_of(anna.get(f"{DESK}{payment.pk}/"))
    assert "succeeded" in page and "4444" not in page and "payer@mail.ru" not in page


# --- refunds --------------------------------------------------------------------------------------


def test_a_refund_in_the_browser(payment, anna, books, owner, pskov):
    make_link(owner, pskov, payment.account)
    page = text_of(refund(anna, payment))
    assert "Возвращено 100,00 ₽" in page and "94,39" in page
    assert books.given_back() == Decimal("100.00")
    assert AuditEntry.objects.get(action="refund.start").actor_name == "anna"
    page = text_of(refund(anna, payment, "94,33"))
    assert "Можно вернуть не больше 94,32" in page and 'value="94,33"' in page
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("typed", ["1e5", "-1", "0.001", "NaN", "", "сто"])
def test_sums_that_are_none(payment, anna, books, typed):
    refund(anna, payment, typed)
    assert not Refund.objects.exists() and not books.calls


def test_four_eyes_in_the_browser(payment, anna, books):
    shop_open(refund_limit=Decimal(50))
    assert "ждёт подтверждения другого кассира" in text_of(refund(anna, payment))
    waiting = Refund.objects.get()
    assert not books.calls
    page = text_of(anna.get(f"{DESK}{payment.pk}/"))
    assert "Подтвердит другой кассир" in page and f"refunds/{waiting.pk}/approve/" not in page
    refused = anna.post(f"{DESK}refunds/{waiting.pk}/approve/", follow=True)
    assert "вы его оформили" in text_of(refused)
    boris = staff("boris", roles.CASHIERS)
    assert f"refunds/{waiting.pk}/approve/" in text_of(boris.get(f"{DESK}refunds/?state=waiting"))
    assert boris.get(f"{DESK}refunds/{waiting.pk}/approve/").status_code == 405
    done = boris.post(f"{DESK}refunds/{waiting.pk}/approve/", follow=True)
    assert "Возвращено 100,00 ₽" in text_of(done) and len(books.calls) == 1
    assert "уже не ждёт" in text_of(boris.post(f"{DESK}refunds/{waiting.pk}/decline/", follow=True))


def test_an_unknown_outcome_is_never_called_failed(payment, anna, books):
    def lost():
        raise OutcomeUnknown("timeout")

    books.after = lost
    page = text_of(refund(anna, payment))
    assert "Исход станет известен позже" in page and "не принял" not in page
    books.after = lambda: None
    one = Refund.objects.get()
    assert "Возвращено" in text_of(anna.post(f"{DESK}refunds/{one.pk}/sync/", follow=True))
    assert len(books.refunds) == 1


# --- «Ошибся счётом» ------------------------------------------------------------------------------


def test_a_mistake_is_asked_about_and_answered(payment, anna, owner, link, stranger, pskov):
    client = logged_in(owner, PSKOV_HOST)
    path = f"/cabinet/{link.pk}/payment/{payment.pk}/mistake/"
    assert "Напишите, в чём ошибка" in text_of(client.post(path, {"text": " "}))
    sent = client.post(path, {"text": "Это счёт соседа"}, follow=True)
    assert "ответим в личном кабинете" in text_of(sent)
    client.post(path, {"text": "Ещё раз"})
    asked = RefundRequest.objects.get()
    page = text_of(anna.get(f"{DESK}requests/"))
    assert "Это счёт соседа" in page
    one = f"{DESK}requests/{asked.pk}/"
    assert "Выберите решение" in text_of(anna.post(one, {"answer": "Вернули"}))
    anna.post(one, {"answer": "Деньги вернули.", "outcome": "done"})
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("done", "anna")
    assert "Деньги вернули." in text_of(client.get(path))
    assert Notification.objects.get().kind == "refund_request_answered"
    assert Message.objects.get(kind="refund_request_answered").recipient == "owner@mail.ru"
    late = anna.post(one, {"answer": "Ещё раз", "outcome": "refused"}, follow=True)
    assert "уже ответил" in text_of(late)


def test_only_who_has_paid_asks(payment, link, stranger, pskov, owner):
    theirs = make_link(stranger, pskov, payment.account)
    neighbour = logged_in(stranger, PSKOV_HOST)
    path = "/cabinet/{}/payment/{}/mistake/"
    assert neighbour.get(path.format(theirs.pk, payment.pk)).status_code == 404
    assert neighbour.get(path.format(link.pk, payment.pk)).status_code == 404
    pending = paid(payment.account, state="pending", subscriber_id=owner.pk)
    assert logged_in(owner, PSKOV_HOST).get(path.format(link.pk, pending.pk)).status_code == 404
    assert not RefundRequest.objects.exists()


# --- transfers and files --------------------------------------------------------------------------


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


# --- reconciliation -------------------------------------------------------------------------------


def test_a_file_that_would_keep_the_server_busy_is_not_made(payment, anna, monkeypatch):
    today = timezone.localdate()
    asked = {"paid_from": today, "paid_to": today, "file": "1c"}
    monkeypatch.setattr(transfers, "_MOST", 0)
    answer = anna.get(f"{DESK}files/", asked, follow=True)
    assert "Выберите меньше дней" in text_of(answer)


def test_a_difference_is_explained_and_closed(payment, anna, account, pskov):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    listed(payment, amount=Decimal("1.00"), created_at=day_of(yesterday)[0])
    page = anna.post("/admin/reconciliation/start/", {"day": yesterday}, follow=True)
    assert "Сверка началась" in text_of(page)
    assert reconciliation_run(Reconciliation.objects.get().pk)
    one = Difference.objects.get()
    page = text_of(anna.get("/admin/reconciliation/"))
    assert "Открытых расхождений: <strong>1</strong>" in page and "Суммы различаются" in page
    path = f"/admin/reconciliation/{one.pk}/"
    assert "Напишите, что выяснили" in text_of(anna.post(path, {"note": ""}))
    anna.post(path, {"note": "Исправил банк"})
    assert "Исправил банк" in text_of(anna.get(path))
    assert AuditEntry.objects.filter(action="reconciliation.close", actor_name="anna").exists()
    for day in ("", "завтра", timezone.localdate().isoformat(), "1900-01-01"):
        assert "не позже вчерашнего" in text_of(
            anna.post("/admin/reconciliation/start/", {"day": day}, follow=True)
        )
