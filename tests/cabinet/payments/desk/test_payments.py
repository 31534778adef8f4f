"""The cashiers' desk: who gets in, the list, one payment, a difference that is closed."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.payments.desk.figures import waiting_now
from cabinet.payments.models import (
    Difference,
    Payment,
    Reconciliation,
    RefundRequest,
)
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.reconciliation.services import reconciliation_run
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff import roles
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    make_account,
    staff_client,
    text_of,
    without_ids,
)
from tests.support.payment_desk import DESK, staff
from tests.support.payments import make_refund
from tests.support.provider import listed, paid

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


def test_found_by_account_day_sum_and_number(payment, anna, account):
    other = paid(make_account("900001"), "1111.10", "0.00", pk=9_000_777)
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
    assert "succeeded" in page and "4444" not in without_ids(page) and "payer@mail.ru" not in page


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


def test_a_canceled_refund_says_what_to_do(payment, anna):
    make_refund(payment, "canceled", cancellation_reason="rejected_by_payee")
    page = text_of(anna.get(f"{DESK}{payment.pk}/"))
    assert "Банк плательщика не принял возврат. Верните деньги переводом" in page
