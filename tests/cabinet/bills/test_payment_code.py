"""The payment code of a bill: what it says, in which letters, and when there is none."""

import datetime
import io
from dataclasses import replace
from decimal import Decimal

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from cabinet.bills.documents import BillDocument, BillPayment
from cabinet.bills.pdf import payment_code_of
from cabinet.bills.pdf.sheet import bill_sheet
from portal.formats.payment_qr import ENCODINGS, payment_code_read
from portal.formats.qr import qr_png
from tests.support.bill_documents import PAYEE, PAYER, bill_document, gas_line, sums

ECI = 0b0111  # the mode that names an encoding
# ISO/IEC 18004, table 10.
MASKS = [
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
]

PAID = BillPayment(datetime.date(2026, 5, 2), Decimal("166.46"), "Касса")


def pairs_of(code: bytes) -> list[tuple[str, str]]:
    text = code.decode(ENCODINGS[chr(code[6])])
    return [tuple(pair.split("=", 1)) for pair in text[8:].split(text[7])]  # type: ignore[misc]


def test_the_code_has_the_keys_of_the_standard_in_its_order() -> None:
    code = payment_code_of(bill_document(payments_since=(PAID,)))

    assert code is not None
    assert code.startswith(b"ST00012|Name=")
    assert pairs_of(code) == [
        ("Name", PAYEE.legal_name),
        ("PersonalAcc", "40702810551000012345"),
        ("BankName", PAYEE.bank_name),
        ("BIC", "045805602"),
        ("CorrespAcc", "30101810300000000602"),
        ("Sum", "100000"),
        (
            "Purpose",
            "Оплата ЖКУ;ЕЛС 60КХ478547;ПРД 04.2026;Корнилова Нина Егоровна;Псковская обл., "
            "г. Псков, ул. Максима Горького, д. 15, корп. 2, кв. 107",
        ),
        ("PayeeINN", "6027012340"),
        ("KPP", "602701001"),
        ("PersAcc", "805107"),
        ("PaymPeriod", "042026"),
        ("LastName", "Корнилова"),
        ("FirstName", "Нина"),
        ("MiddleName", "Егоровна"),
        ("PayerAddress", PAYER.address),
        ("AddAmount", "515"),
        ("TechCode", "02"),
    ]


def test_the_mandatory_account_is_0_where_the_bank_has_none() -> None:
    code = payment_code_of(bill_document(payee=replace(PAYEE, correspondent_account="", kpp="")))

    assert code is not None
    keys = dict(pairs_of(code))
    assert keys["CorrespAcc"] == "0"
    assert "KPP" not in keys


def test_without_a_number_of_the_state_register_the_purpose_names_the_account() -> None:
    payer = replace(PAYER, unified_account_number="", gku_id="")
    code = payment_code_of(bill_document(payer=payer))

    assert code is not None
    assert dict(pairs_of(code))["Purpose"] == "Оплата по лицевому счёту 805107 за 04.2026"


OVERPAID = bill_document((gas_line(sums=sums(opening_balance="-10.00", accrued="3.79")),))
PAID_SINCE = bill_document(payments_since=(replace(PAID, amount=Decimal("1166.46")),))


@pytest.mark.parametrize(
    "document",
    [bill_document(payee=None), bill_document(is_newest=False), OVERPAID, PAID_SINCE],
    ids=["no requisites", "an old bill", "an overpayment", "paid since"],
)
def test_nothing_to_pay_has_no_code(document: BillDocument) -> None:
    assert payment_code_of(document) is None
    assert bill_sheet(document).shape.has_code is False


def test_a_copy_to_show_has_no_code() -> None:
    sheet = bill_sheet(bill_document(), masked=True)

    assert sheet.code is None
    assert not sheet.shape.has_tear_off


def test_a_separator_in_a_name_chooses_another_for_the_whole_text() -> None:
    code = payment_code_of(bill_document(payer=replace(PAYER, last_name="Корн|илова")))

    assert code is not None
    assert code.startswith(b"ST00012~Name=")
    assert dict(pairs_of(code))["LastName"] == "Корн|илова"


def test_what_windows_has_no_letter_for_is_written_in_utf_8() -> None:
    plain = payment_code_of(bill_document(), "1")
    bashkir = payment_code_of(bill_document(payer=replace(PAYER, first_name="Гөлнур")), "1")

    assert plain is not None
    assert bashkir is not None
    assert plain.startswith(b"ST00011|")
    assert bashkir.startswith(b"ST00012|")
    assert dict(pairs_of(bashkir))["FirstName"] == "Гөлнур"


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=160)


@given(name=NAMES, address=NAMES, encoding=st.sampled_from("12"))
def test_a_code_of_any_text_is_read_again(name: str, address: str, encoding: str) -> None:
    payer = replace(PAYER, last_name=name, address=address)
    code = payment_code_of(bill_document(payer=payer), encoding)

    if code is not None:
        found = payment_code_read(code)
        assert found.payee == PAYEE.legal_name
        assert found.account_number == "805107"
        assert found.value("Sum") == "116646"


@pytest.mark.parametrize("encoding", "12")
def test_a_long_code_is_drawn_as_plain_bytes(encoding: str) -> None:
    payer = replace(PAYER, last_name="Ф" * 70 + "|", first_name="И" * 50, patronymic="О" * 37)
    code = payment_code_of(bill_document(payer=payer), encoding)

    assert code is not None
    picture = Image.open(io.BytesIO(qr_png(code))).convert("L")
    large = picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST)
    found = zxingcpp.read_barcode(ImageOps.expand(large, 16, 255))
    assert found.bytes == code
    assert found.ec_level == "M"
    assert mode_of(picture) != ECI


def test_what_no_code_can_hold_is_left_out() -> None:
    payer = replace(PAYER, last_name="漢" * 100, first_name="字" * 100, address="漢" * 300)
    code = payment_code_of(bill_document(payer=payer, payee=replace(PAYEE, legal_name="字" * 160)))

    assert code is not None and qr_png(code)
    found = dict(pairs_of(code))
    assert found["PersAcc"] == "805107" and found["Sum"] == "116646"
    assert "PayerAddress" not in found


def mode_of(picture: Image.Image) -> int:
    """Return the first four bits of the data, which stand in the corner at the bottom right, masked."""

    def black(row: int, column: int) -> bool:
        return picture.getpixel((column, row)) == 0

    mask = sum(black(8, place) << power for place, power in ((2, 2), (3, 1), (4, 0))) ^ 0b101
    last = picture.width - 1
    corner = [(last, last), (last, last - 1), (last - 1, last), (last - 1, last - 1)]
    bits = [black(row, column) ^ MASKS[mask](row, column) for row, column in corner]
    return sum(bit << power for power, bit in zip((3, 2, 1, 0), bits, strict=True))
