"""The code of ГОСТ Р 56042-2014 beside the payment form."""

import datetime
import io
import re
from decimal import Decimal

import pytest
import zxingcpp
from django.template import engines
from PIL import Image

from cabinet.payments.page.bank_code import bank_code_of
from portal.formats.payment_qr import payment_code_read
from tests.support.factories import NOVGOROD_HOST, make_charge
from tests.support.paying import requisites_set
from tests.support.payments import make_payment

MONTH = datetime.date(2026, 10, 1)


@pytest.fixture
def requisites(pskov):
    requisites_set()


def code_of(account, **fields):
    return bank_code_of(account, Decimal("190.00"), Decimal("4.39"), month=MONTH, **fields)


def read(page):
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.content)))
    return payment_code_read(code.bytes)


def test_the_page_shows_a_code_that_pays_the_sums(account, requisites, guest):
    engine = engines["django"]
    template = engine.from_string(
        "{% load payment_tags %}{% bank_code account principal penalty month %}"
    )
    sums = {"principal": Decimal("190.00"), "penalty": Decimal("4.39"), "month": MONTH}
    page = template.render({"account": account, **sums})
    address = page.split('src="')[1].split('"')[0]
    assert "194,39" in page and "805107" not in page and "Осипова" not in page

    code = read(guest.get(address))
    assert (code.value("Sum"), code.value("AddAmount")) == ("19439", "439")
    assert (code.account_number, code.value("PaymPeriod")) == ("805107", "102026")
    assert code.value("LastName") == "Осипова"
    saved = guest.get(f"{address}?save=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_a_guests_code_says_nothing_that_he_has_not_typed(account, requisites, guest, novgorod):
    account.unified_account_number = "60КХ478547"
    account.save()
    address = f"/payments/code/{code_of(account, for_guest=True).token}.png"
    # A guest of Novgorod's site pays an account of Pskov's.
    page = guest.get(address, headers={"host": NOVGOROD_HOST})
    code = read(page)
    assert code.account_number == "805107" and "805107" in code.value("Purpose")
    said = " ".join(code.values.values())
    for secret in ("Осипова", "ОСИПОВА", "Елена", "Рижский", "60КХ"):
        assert secret not in said


def test_no_code_without_requisites_or_sums_or_by_a_forged_token(account, guest, pskov):
    assert code_of(account) is None
    assert guest.get("/payments/code/x.png").status_code == 404
    requisites_set()
    assert code_of(account) is not None
    assert bank_code_of(account, Decimal(0), Decimal(0)) is None
    token = code_of(account).token
    assert guest.get(f"/payments/code/{token[:-2]}xx.png").status_code == 404


def test_the_payment_page_has_the_code_and_earlier_payments(
    account, owner_client, link, requisites, shop_set_up
):
    shop_set_up("pskov")
    make_charge(account, MONTH, opening="194.39")
    payment = make_payment(account, "canceled")
    page = owner_client.get(f"/cabinet/{link.pk}/payment/").content.decode()
    code = read(owner_client.get(re.search(r'src="(/payments/code/[^"]+)"', page)[1]))
    assert code.value("Sum") == "19439"
    assert f"/cabinet/{link.pk}/payment/{payment.pk}/" in page
