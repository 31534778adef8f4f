"""A bill drawn into the layout of its shape is the page that a layout of its own would be."""

import datetime
import io
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from cabinet.bills.documents import BillDocument, BillPayment
from cabinet.bills.pdf import printer as printing
from cabinet.bills.pdf.full import bill_pdf
from cabinet.bills.pdf.look import BillLook
from cabinet.bills.pdf.payment_code import payment_code_of
from cabinet.bills.pdf.printer import FILLED, LAID_OUT, BillPrinter
from portal.formats.pdf_forms import form
from tests.support.bill_documents import PAYER, bill_document, gas_line, sums
from tests.support.pdf import differing_pixels, pages_of_pdf

LOOK = BillLook()


def payer(**changes: str):
    return replace(PAYER, **changes)


def paid(day: int, amount: str, source: str = "Почта России") -> BillPayment:
    return BillPayment(datetime.date(2026, 5, day), Decimal(amount), source)


def overpaid() -> BillDocument:
    line = gas_line(sums=sums(opening_balance="-1500.00", accrued="82.81"), recalculation_reason="")
    return bill_document((line,))


BILLS = {
    "ordinary": bill_document(),
    "signs": bill_document(
        payer=payer(last_name="О’Нил|(мл.)", first_name="Анна\\Мария", patronymic="«Ё»")
    ),
    "overpaid": overpaid(),
    "paid in part": bill_document(payments_since=(paid(3, "100.00"), paid(4, "0.01"))),
    "large": bill_document(
        (gas_line(sums=sums(accrued="123456.78")),),
        payer=payer(last_name="Кржижановская-" * 2 + "Бонч-Бруевич"),
    ),
    "old": bill_document(is_newest=False),
    "no requisites": bill_document(payee=None),
    "written off": bill_document(
        (gas_line(sums=sums(opening_balance="500.00", written_off="200.00", corrected="-10.00")),)
    ),
    "second of two": bill_document(
        number=2,
        bills_in_month=2,
        bill_kind="капремонт",
        notice="Передавайте показания\n\nдо 25 числа <b>месяца</b>.",
    ),
}
LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">
<rect width="80" height="40" rx="6" fill="#a01030"/><circle cx="20" cy="20" r="12" fill="#fff"/></svg>"""
LOOKS = {
    "portal": LOOK,
    "own": BillLook(
        brand_colour="#a01030",
        logo=LOGO,
        logo_type="image/svg+xml",
        emergency_phone="104",
        encoding="1",
        tear_off="top",
    ),
}


@pytest.fixture(scope="module")
def printers() -> dict[str, BillPrinter]:
    return {name: BillPrinter(look) for name, look in LOOKS.items()}


@pytest.mark.parametrize("name", BILLS)
def test_both_ways_are_the_same_page(printers, name):
    printer, document = printers["portal"], BILLS[name]
    before = printer.ways[FILLED]
    content = printer.render(document)
    assert printer.ways[FILLED] == before + 1
    assert differing_pixels(content, bill_pdf(document, look=LOOK)) == 0
    assert len(content) <= 40 * 1024
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.docinfo["/Title"]).startswith("Квитанция")


@pytest.mark.parametrize("name", ["ordinary", "large"])
def test_in_the_look_of_a_company(printers, name):
    content = printers["own"].render(BILLS[name])
    assert differing_pixels(content, bill_pdf(BILLS[name], look=LOOKS["own"])) == 0
    (code,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(content)[0].render(scale=4).to_pil())
    assert code.bytes == payment_code_of(BILLS[name], "1")
    assert code.bytes.startswith(b"ST00011")


def test_what_is_drawn_can_be_read_and_copied(printers):
    content = printers["portal"].render(BILLS["signs"])
    (words,) = pages_of_pdf(content)
    for text in ("О’Нил|(мл.) Анна\\Мария «Ё»", "805107", "1 082,81", "до 15 мая 2026 г."):
        assert text in words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{THIN SPACE}", " ")
    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    assert page.search("Максима Горького").get_next()


@pytest.mark.parametrize(
    "document",
    [
        bill_document(payer=payer(last_name="Очень" * 32)),
        bill_document(payer=payer(first_name="Ѳеодосія", patronymic="ნინო 🏠")),
        bill_document((gas_line(recalculation_reason="по заявлению № 114, " * 20),)),
        bill_document(notice="Передавайте показания до 25 числа. " * 150),
    ],
    ids=["name", "letters", "reason", "two pages"],
)
def test_what_does_not_fit_is_laid_out(printers, document):
    printer = printers["portal"]
    before = printer.ways[LAID_OUT]
    assert printer.render(document) == bill_pdf(document, look=LOOK)
    assert printer.ways[LAID_OUT] == before + 1


def test_the_same_bill_is_the_same_file_whatever_came_before(printers):
    fresh = BillPrinter(LOOK)
    assert fresh.render(BILLS["ordinary"]) == printers["portal"].render(BILLS["ordinary"])


def test_shapes_are_not_kept_without_end(monkeypatch):
    made = []
    page = SimpleNamespace(pages=["one"])
    monkeypatch.setattr(
        printing, "sheet_layout", lambda sheet, *, blank: made.append(sheet) or page
    )
    monkeypatch.setattr(form, "PdfForm", lambda _: SimpleNamespace(fill=lambda *_, **__: b"%PDF"))
    monkeypatch.setattr(printing, "SHAPES", 2)
    printer = BillPrinter(LOOK)
    for name in ("ordinary", "overpaid", "ordinary", "old", "ordinary", "overpaid"):
        printer.render(BILLS[name])
    assert len(made) == 4  # «overpaid» was used the longest ago when «old» came
