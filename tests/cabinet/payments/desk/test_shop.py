"""The company's administrator sets the shop up: the key goes in and never comes out."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from cabinet.payments.models import Payment, Shop
from cabinet.payments.registry import payments_are_taken
from cms_pages.models import CompanyRequisites
from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.certificates import certificate_written
from tests.support.factories import BASE_HOST, PASSWORD, staff_client, text_of
from tests.support.yookassa_api import Asked, yookassa_api

PAGE = "/admin/payment-shop/"
INN = "6027000001"
KEY = "live_4vQpZt0secret"
SETTINGS = {
    "receipts": "statement",
    "vat_code": "1",
    "payment_mode": "full_payment",
    "payment_subject": "service",
    "commission_collector": "",
    "commission_percent": "0",
    "commission_min": "0",
    "refund_limit": "5000",
}


@pytest.fixture
def api(settings, tmp_path):
    with yookassa_api(settings, certificate_written(tmp_path)) as api:
        api.me = {
            "account_id": "506751",
            "status": "enabled",
            "test": False,
            "fiscalization": {"enabled": True},
            "payment_methods": ["bank_card", "sbp"],
            "itn": INN,
        }
        api.answer = lambda asked: (200, api.me)
        yield api


@pytest.fixture
def boss(pskov, company_administrator):
    site = Site.objects.get(is_default_site=True)
    values = {
        "legal_name": "ООО «Газ»",
        "inn": INN,
        "kpp": "602701001",
        "bank_name": "Банк",
        "bic": "045805602",
        "settlement_account": "40702810951000000001",
    }
    CompanyRequisites.objects.update_or_create(site=site, defaults=values)
    return staff_client(company_administrator)


def connected(boss):
    page = boss.post(f"{PAGE}connect/", {"shop_id": " 506751 ", "secret_key": KEY}, follow=True)
    return text_of(page)


def test_a_key_goes_in_and_never_comes_out(boss, api):
    assert PAGE in text_of(boss.get("/admin/"))

    page = connected(boss)

    assert "Магазин № 506751 проверен" in page
    assert "боевой" in page
    assert "банковские карты, СБП" in page
    assert "подключена" in page
    assert f"{INN}, как в реквизитах компании" in page
    assert reverse("payments:webhook") in page
    shop = Shop.objects.get()
    assert (shop.shop_id, shop.secret_key, shop.is_on) == ("506751", KEY, False)
    assert api.asked[0].credentials == f"506751:{KEY}"
    for text in (page, text_of(boss.get(PAGE)), *map(str, AuditEntry.objects.values_list())):
        assert KEY not in text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"itn": "7707083893"}, "Деньги абонентов ушли бы другому юридическому лицу"),
        ({"itn": None}, "Деньги абонентов ушли бы другому юридическому лицу"),
        ({"account_id": "999"}, "Этот ключ — от другого магазина, № 999."),
        ({"status": "disabled"}, "магазин отключён"),
    ],
)
def test_a_shop_of_somebody_else_is_refused(boss, api, said, shown):
    api.me |= said

    assert shown in connected(boss)

    assert not Shop.objects.exclude(shop_id="").exists()


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ((401, {"type": "error", "code": "invalid_credentials"}), "ЮKassa не принимает этот номер"),
        ((500, {}), "ЮKassa сейчас не отвечает"),
        ((200, None), "ЮKassa сейчас не отвечает"),
        ((200, {"account_id": "506751", "payment_methods": "all"}), "ЮKassa сейчас не отвечает"),
    ],
)
def test_a_key_that_is_not_answered_for(boss, api, answer, shown):
    api.answer = lambda asked: answer

    page = connected(boss)

    assert shown in page
    assert KEY not in page
    assert "506751" in page  # what was typed stays, but for the key
    assert not Shop.objects.exclude(shop_id="").exists()


def test_a_test_shop_takes_no_money_in_production(boss, api, settings):
    api.me |= {"test": True}
    settings.PAYMENT_TEST_SHOPS = False
    assert "Это тестовый магазин" in connected(boss)

    settings.PAYMENT_TEST_SHOPS = True
    assert "тестовый" in connected(boss)
    settings.PAYMENT_TEST_SHOPS = False
    page = text_of(boss.post(f"{PAGE}on/", follow=True))

    assert "Это тестовый магазин" in page
    assert not payments_are_taken()


def test_payments_are_taken_after_a_good_check_alone(boss, api):
    assert "Сначала укажите номер магазина" in text_of(boss.post(f"{PAGE}on/", follow=True))
    connected(boss)
    assert not payments_are_taken()

    page = text_of(boss.post(f"{PAGE}on/", follow=True))

    assert "Приём платежей включён." in page
    assert payments_are_taken()
    assert (
        text_of(boss.post(f"{PAGE}off/", {"answer": "yes"}, follow=True)).count(
            "Приём платежей выключен."
        )
        == 1
    )
    assert not payments_are_taken()
    rows = AuditEntry.objects.filter(action__startswith="shop.").order_by("pk")
    assert list(rows.values_list("action", flat=True)) == [
        "shop.connect",
        "shop.check",
        "shop.on",
        "shop.off",
    ]


@pytest.mark.parametrize(
    ("answer", "stays_on"),
    [
        ((401, {"type": "error", "code": "invalid_credentials"}), False),
        ((200, {"account_id": "506751", "status": "enabled", "itn": "7707083893"}), False),
        ((503, {}), True),
    ],
)
def test_a_check_switches_off_what_is_wrong(boss, api, answer, stays_on):
    connected(boss)
    boss.post(f"{PAGE}on/")
    api.answer = lambda asked: answer

    boss.post(f"{PAGE}check/")

    assert payments_are_taken() is stays_on


def test_a_shop_with_open_payments_is_not_exchanged(boss, api, payment_in_flight):
    connected(boss)
    api.me |= {"account_id": "777"}

    page = text_of(boss.post(f"{PAGE}connect/", {"shop_id": "777", "secret_key": KEY}, follow=True))

    assert "ещё ведёт платежи" in page
    assert Shop.objects.get().shop_id == "506751"
    api.me |= {"account_id": "506751"}
    boss.post(f"{PAGE}connect/", {"shop_id": "506751", "secret_key": f"{KEY}-new"})
    assert Shop.objects.get().secret_key == f"{KEY}-new"


@pytest.fixture
def payment_in_flight(pskov, account):
    return Payment.objects.create(
        return_key="k" * 43,
        form_key="11111111-1111-4111-8111-111111111111",
        account=account,
        channel="guest",
        principal=Decimal(10),
        amount=Decimal(10),
        method="card",
        provider="yookassa",
        shop_id="506751",
        idempotency_key="i",
        sent_at=timezone.now(),
    )


def test_settings_are_kept_and_logged(boss, api):
    connected(boss)

    boss.post(
        PAGE,
        SETTINGS
        | {
            "takes_sbp": "on",
            "commission_collector": "bank",
            "commission_percent": "1,5",
            "commission_min": "15",
            "commission_max": "15000,00",
        },
    )

    shop = Shop.objects.get()
    assert (shop.commission_percent, shop.commission_min) == (Decimal("1.50"), Decimal(15))
    assert shop.commission_max == Decimal(15000)
    assert shop.secret_key == KEY
    changes = AuditEntry.objects.get(action="shop.change").details["changes"]
    assert ["Комиссия, %", "0", "1,5"] in changes
    assert not [one for one in changes if "СБП" in one[0]]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"commission_percent": "-1"}, "Не меньше нуля."),
        ({"commission_percent": "50"}, "похоже на опечатку"),
        ({"commission_min": "10", "commission_max": "5"}, "Не меньше, чем наименьшая комиссия."),
        ({"commission_collector": "bank"}, "Укажите, сколько стоит комиссия."),
        ({"vat_code": "13"}, "13"),
        ({"refund_limit": "-5"}, "Не меньше нуля."),
    ],
)
def test_settings_that_are_wrong_stay_in_the_form(boss, api, values, shown):
    connected(boss)
    before = Shop.objects.get().commission_percent

    page = text_of(boss.post(PAGE, SETTINGS | values))

    assert shown in page
    assert Shop.objects.get().commission_percent == before


def test_no_transaction_waits_for_the_provider(own_db, settings, tmp_path):
    from django.db import connection, connections
    from django_tenants.utils import schema_context

    from cabinet.payments.shops import ShopNotReady, shop_connect
    from tenants.models import GasCompany

    open_ones = []
    company = GasCompany.objects.get(schema_name="pskov")
    with (
        yookassa_api(settings, certificate_written(tmp_path)) as api,
        schema_context("pskov"),
    ):
        connection.set_tenant(company)
        staff = staff_create(username="boss", password=PASSWORD, groups=[roles.OPERATORS])
        ours = connections["default"]  # the server's thread has another one

        def answer(asked: Asked):
            open_ones.append(ours.in_atomic_block)
            return 500, {}

        api.answer = answer
        with pytest.raises(ShopNotReady):
            shop_connect(shop_id="1", secret_key="x", actor=staff)
        connection.set_schema_to_public()
    assert open_ones == [False]


def test_who_may_not(boss, pskov, central_admin):
    cashier = staff_client(
        staff_create(username="till", password=PASSWORD, groups=[roles.CASHIERS])
    )
    for address in ("", "connect/", "check/", "on/", "off/"):
        assert cashier.post(f"{PAGE}{address}").status_code == 404
        assert staff_client(central_admin, BASE_HOST).post(f"{PAGE}{address}").status_code == 404
    for address in ("connect/", "check/", "on/"):
        assert boss.get(f"{PAGE}{address}").status_code == 405
