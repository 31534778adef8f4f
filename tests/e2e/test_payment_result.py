"""СБП-QR: the code is read off the screen, and the page says by itself that it is paid."""

import datetime
import io
import re
import uuid
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.models import Payment
from cabinet.payments.tasks import payment_look
from cabinet.subscribers.models import Subscriber
from portal.formats.payment_qr import payment_code_read
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.e2e.conftest import BY_TELEPHONE, assert_accessible, owner_log_in
from tests.support.factories import make_charge
from tests.support.paying import requisites_set, started


@pytest.fixture
def asked_at_once(monkeypatch) -> None:
    """No worker runs here: a page that waits asks the provider itself."""
    monkeypatch.setattr(
        "cabinet.payments.result.outcome.enqueue_on_commit", lambda _task, pk: payment_look(pk)
    )


@pytest.fixture
def payment(owner: Subscriber, payment_sandbox, shop_set_up, asked_at_once) -> Payment:
    shop_set_up("pskov", shows_sbp_qr=True)
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        requisites_set()
        return payment_send(
            started(
                PersonalAccount.objects.get(),
                method=Payment.Method.SBP_QR,
                form_key=uuid.uuid4(),
                email="owner@mail.ru",
                subscriber_id=owner.pk,
                link_id=owner.account_links.get().pk,
            )
        )


def code_in(picture: bytes) -> str:
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return code.text


@BY_TELEPHONE
def test_sbp_qr(page: Page, pskov_site: str, payment: Payment, payment_sandbox) -> None:
    assert payment.state == "pending"
    owner_log_in(page, pskov_site)
    address = f"{pskov_site}/payments/{payment.return_key}/"
    page.goto(address)
    expect(page.get_by_role("heading", name="Оплата по QR-коду")).to_be_visible()
    expect(page.get_by_text("Страница обновится сама")).to_be_visible()
    picture = page.get_by_role("img", name=re.compile("QR-код для оплаты"))
    picture.scroll_into_view_if_needed()
    assert code_in(picture.screenshot()) == payment.confirmation_data
    own = page.get_by_role("link", name="Оплатить на этом устройстве")
    assert own.get_attribute("href") == payment.confirmation_data
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Загрузить QR-код").click()
    assert code_in(download.value.path().read_bytes()) == payment.confirmation_data

    payment_sandbox.pay(payment.provider_id)
    expect(page.get_by_text("Оплачено 194,39")).to_be_visible()
    expect(page.get_by_text("805107", exact=True).locator("visible=true").first).to_be_visible()
    expect(page.get_by_role("heading", name="Где мои деньги")).to_be_visible()
    assert_accessible(page)
    assert payment_sandbox.taken("pskov") == Decimal("194.39")

    page.get_by_role("link", name="Вернуться в личный кабинет").click()
    expect(page.get_by_role("heading", name="Баланс")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Оплачено 194,39")).to_be_visible()

    page.context.clear_cookies()  # opened by somebody else
    page.goto(address)
    expect(page.get_by_text("Оплачено 194,39")).to_be_visible()
    expect(page.get_by_text("…107")).to_be_visible()
    assert "805107" not in page.content() and "owner@" not in page.content()
    assert_accessible(page)


@BY_TELEPHONE
def test_the_code_for_any_bank(page: Page, pskov_site: str, owner: Subscriber) -> None:
    """A company without a shop can be paid by it."""
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        requisites_set()
        make_charge(PersonalAccount.objects.get(), datetime.date(2026, 6, 1), opening="194.39")
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/{owner.account_links.get().pk}/payment/")
    page.get_by_text("QR-код для приложения банка").click()
    picture = page.get_by_role("img", name=re.compile("QR-код с реквизитами"))
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))
    assert payment_code_read(code.bytes).value("Sum") == "19439"
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Загрузить QR-код").click()
    assert zxingcpp.read_barcodes(Image.open(download.value.path()))[0].bytes == code.bytes


@BY_TELEPHONE
def test_a_cancellation(page: Page, pskov_site: str, payment: Payment, payment_sandbox) -> None:
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/payments/{payment.return_key}/")
    expect(page.get_by_role("heading", name="Оплата по QR-коду")).to_be_visible()
    payment_sandbox.cancel(payment.provider_id, "insufficient_funds")
    expect(page.get_by_text("На карте или счёте не хватило денег.").first).to_be_visible()
    expect(page.get_by_text("Деньги не списаны.")).to_be_visible()
    assert_accessible(page)
