"""The bill on paper: what stands on it, how it is read aloud, and what is never in it."""

import datetime
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from cabinet.bills.documents import BillPayment
from cabinet.bills.pdf import bill_pdf, payment_code_of
from cabinet.bills.pdf.look import BillLook
from cabinet.bills.pdf.sheet import bill_sheet, sum_in_words
from portal.formats.pdf import FONT, pdf_layout
from tests.support.bill_documents import PAYER, bill_document, gas_line, sums
from tests.support.pdf import pages_of_pdf

LOOK = BillLook(
    logo=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>',
    logo_type="image/svg+xml",
    emergency_phone="104",
)
LONG = replace(PAYER, last_name="Ф" * 70 + "|", first_name="И" * 50, patronymic="О" * 37)


def words_of(content: bytes) -> str:
    return " ".join(pages_of_pdf(content)).replace("\u202f", " ").replace("\xa0", " ")


def test_a_usual_bill_stands_on_one_small_page_with_all_that_it_must_say() -> None:
    content = bill_pdf(bill_document(notice="Офис открыт по средам."), look=LOOK)

    assert len(content) <= 40_000
    assert len(pages_of_pdf(content)) == 1
    words = words_of(content)
    for said in (
        "Псковрегионгаз pskov.gas.example +7 8112 59-50-50 Аварийная служба 104",
        "Квитанция за май 2026 г.",
        "Лицевой счёт 805107 Единый лицевой счёт 60КХ478547 Идентификатор ЖКУ 60КХ478547-01",
        "Площадь 54,3 м² Проживают 2 Прописаны 3",
        "К оплате 1 166,46 ₽ до 15 мая 2026 г. В том числе пени 5,15 ₽",
        "Абонент Корнилова Нина Егоровна",
        "Адрес 180004, Псковская обл., г. Псков, ул. Максима Горького, д. 15, корп. 2, кв. 107",
        "Прописью Одна тысяча сто шестьдесят шесть рублей 46 копеек",
        "Начисления за апрель 2026 г.",
        "Газоснабжение природным газом 109 м³ × 9,934 ₽ 820,15 1 082,81 −40,00 820,15 1 042,81",
        "По счётчику № 01234567: было 9018 на 25.03.2026, стало 9127 на 25.04.2026",
        "Перерасчёт: временное отсутствие с 3 по 9 апреля, заявление № 114",
        "Газоснабжение природным газом, пени 3,10 2,05 0,00 0,00 5,15",
        "Итого, ₽ 941,75 1 203,36 −40,00 938,65 1 166,46",
        "По данным на 3 мая 2026 г., 05:00",
        "12.04.2026 Сбербанк Онлайн 938,65",
        "Офис открыт по средам.",
        "Получатель Общество с ограниченной ответственностью «Псковрегионгаз»",
        "ИНН 6027012340, КПП 602701001, р/с 40702810551000012345",
        "БИК 045805602, к/с 30101810300000000602",
        "За период апрель 2026 г. Оплатите до 15.05.2026 Сумма 1 166,46 ₽",
    ):
        assert said in words


def test_a_line_without_its_one_meter_says_that_the_company_has_calculated_it() -> None:
    words = words_of(bill_pdf(bill_document((gas_line(meter=None),)), look=LOOK))

    assert "Объём — по расчёту компании" in words
    assert "По счётчику" not in words


def test_payments_since_are_named_and_taken_off() -> None:
    since = (BillPayment(datetime.date(2026, 5, 3), Decimal("166.46"), "Касса"),)
    words = words_of(bill_pdf(bill_document(payments_since=since), look=LOOK))

    assert "К оплате 1 000,00 ₽" in words
    assert "По квитанции 1 166,46 ₽ с учётом пени 5,15 ₽, из них оплачено 166,46 ₽" in words
    assert "В том числе пени" not in words  # of what is left, nobody has said how much
    assert "Оплачено в мае 2026 г. Дата Источник Сумма, ₽ 03.05.2026 Касса 166,46" in words


def test_a_penalty_that_is_more_than_the_sum_is_no_part_of_it() -> None:
    document = bill_document(principal=Decimal("-2.00"), penalty=Decimal("5.00"))
    words = words_of(bill_pdf(document, look=LOOK))

    assert "К оплате 3,00 ₽" in words and "С учётом пени 5,00 ₽" in words


def test_payments_of_several_bills_are_named_and_not_taken_off() -> None:
    since = (BillPayment(datetime.date(2026, 5, 3), Decimal("166.46"), "Касса"),)
    document = bill_document(payments_since=since, bills_in_month=2, number=2, bill_kind="ТО")
    words = words_of(bill_pdf(document, look=LOOK))

    assert "Квитанция № 2 за май 2026 г., ТО" in words
    assert "К оплате 1 166,46 ₽" in words
    assert "Платежи — по всем квитанциям этого лицевого счёта." in words


def test_all_kinds_of_sums_stand_in_columns_and_add_up() -> None:
    line = gas_line(
        sums=sums(
            opening_balance="-12345.67",
            accrued="10082.81",
            recalculated="-40.00",
            quality_deduction="12.00",
            corrected="-1000.00",
            written_off="500.00",
            paid="20000.15",
        )
    )
    words = words_of(bill_pdf(bill_document((line,), restated=Decimal("3.00")), look=LOOK))

    assert "−12 345,67 10 082,81 −40,00 12,00 −1 000,00 500,00 20 000,15 −23 815,01" in words
    assert "Уточнено компанией после закрытия месяца 3,00" in words


OVERPAID = gas_line(sums=sums(opening_balance="-2.60", accrued="7.39", paid="100.00"))
NONE = {"payments": (), "principal": Decimal("0.00"), "penalty": Decimal("0.00")}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (bill_document((OVERPAID,)), "Переплата 95,21 ₽ Платить не нужно"),
        (bill_document((), **NONE), "К оплате 0,00 ₽ Платить не нужно"),
        (bill_document((), **NONE), "За этот месяц начислений нет."),
        (bill_document(is_newest=False), "Оплачивайте по последней квитанции"),
    ],
)
def test_what_is_not_to_be_paid_has_no_part_for_the_bank(document: Any, said: str) -> None:
    words = words_of(bill_pdf(document, look=LOOK))

    assert said in words
    assert "Извещение" not in words
    assert not codes_of(bill_pdf(document, look=LOOK))


def test_a_company_without_requisites_has_bills_without_a_code() -> None:
    content = bill_pdf(bill_document(payee=None), look=LOOK)

    assert "Извещение об оплате Получатель Псковрегионгаз" in words_of(content)
    assert not codes_of(content)


@pytest.mark.parametrize("encoding", "12")
@pytest.mark.parametrize("payer", [PAYER, LONG], ids=["usual", "long, with a separator"])
def test_the_code_on_the_page_is_read_by_a_camera(encoding: str, payer: Any) -> None:
    document = bill_document(payer=payer)
    content = bill_pdf(document, look=replace(LOOK, encoding=encoding))

    assert codes_of(content) == [payment_code_of(document, encoding)]


def codes_of(content: bytes) -> list[bytes]:
    """Return the texts of the QR codes in the pages' pictures."""
    pictures = [page.render(scale=3).to_pil() for page in pypdfium2.PdfDocument(content)]
    return [code.bytes for one in pictures for code in zxingcpp.read_barcodes(one)]


def test_a_copy_to_show_says_nothing_of_who_and_where() -> None:
    content = bill_pdf(bill_document(), masked=True, look=LOOK)

    words = words_of(content)
    assert "Копия без личных данных" in words
    assert "Лицевой счёт …107" in words
    assert "Абонент Нина Егоровна К." in words
    assert "По счётчику: было 9018" in words
    with pikepdf.open(BytesIO(content)) as pdf:
        inside = [bytes(stream.read_bytes()) for stream in pdf.objects if is_text(stream)]
        inside += [str(pdf.docinfo.get("/Title")).encode()]
    for secret in (
        "Корнилова",
        "Горького",
        "180004",
        "60КХ478547",
        "01234567",
        "805107",
        "отсутствие",
    ):
        assert secret not in words
        assert not any(secret.encode() in one for one in inside)
    assert not codes_of(content)


def is_text(stored: Any) -> bool:
    return isinstance(stored, pikepdf.Stream) and stored.get("/Subtype") != "/Image"


def test_many_services_go_on_over_clean_pages() -> None:
    lines = tuple(gas_line(service_name=f"Услуга {number}") for number in range(30))
    many = bill_pdf(bill_document(lines), look=LOOK)
    pages = [page.replace("\xa0", " ") for page in pages_of_pdf(many)]

    assert len(pages) > 1
    for number, page in enumerate(pages[1:], start=2):
        assert "Лицевой счёт 805107" in page
        assert "Квитанция за май 2026 г." in page
        assert f"Лист {number} из {len(pages)}" in page
    assert f"Лист 1 из {len(pages)}" in pages[0]
    assert all(f"Услуга {number} " in " ".join(pages) for number in range(30))
    assert "Услуга Долг на" in pages[1]  # the heads of columns again
    assert codes_of(many)


def test_sixty_payments_are_all_there() -> None:
    paid = tuple(
        BillPayment(datetime.date(2026, 4, 1), Decimal(number), f"Касса {number}")
        for number in range(60)
    )
    words = words_of(bill_pdf(bill_document(payments=paid), look=LOOK))

    assert all(f"Касса {number} " in words for number in range(60))


@pytest.mark.parametrize("place", ["top", "bottom"])
def test_nothing_leaves_the_page_or_its_column(place: str) -> None:
    line = gas_line(service_name="Ы" * 200, recalculation_reason="ж" * 500)
    document = bill_document(
        (line,), payer=replace(LONG, address="Щ" * 300), notice="ш" * 600, company_name="Ш" * 160
    )
    content = bill_pdf(document, look=replace(LOOK, tear_off=place))

    margin = 12 / 25.4 * 72
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            if text.get_text_range(index, 1).isspace():
                continue
            left, bottom, right, top = text.get_charbox(index)
            assert left >= margin - 1
            assert right <= page.get_width() - margin + 1
            assert 0 <= bottom <= top <= page.get_height()


def test_a_screen_reader_is_told_the_structure_in_the_order_of_reading() -> None:
    content = bill_pdf(bill_document(), look=LOOK)

    with pikepdf.open(BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "ru"
        assert str(pdf.docinfo["/Title"]).replace("\xa0", " ") == (
            "Квитанция за май 2026 г., лицевой счёт 805107"
        )
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
        tags = list(tags_of(pdf.Root.StructTreeRoot.K[0]))
        names = [name for name, _ in tags]
        texts = [number for name, kids in tags if name != "/Figure" for number in kids]
        tables = [one for one in elements_of(pdf.Root.StructTreeRoot.K[0]) if one.S == "/Table"]
        cells = [one for table in tables for one in elements_of(table) if one.S == "/TD"]
        heads = {str(one.ID) for table in tables for one in elements_of(table) if one.S == "/TH"}
        pictures = [
            str(one.Alt) for one in elements_of(pdf.Root.StructTreeRoot.K[0]) if one.S == "/Figure"
        ]
    assert names.index("/H1") < names.index("/Table") < len(names) - names[::-1].index("/H2")
    assert texts == sorted(texts)  # drawn in the order of reading
    assert len(tables) == 2
    assert all(cell.A.Headers for cell in cells)
    assert all(str(head) in heads for cell in cells for head in cell.A.Headers)
    assert pictures == ["Логотип компании", "QR-код для оплаты"]


def elements_of(element: Any) -> Iterator[Any]:
    yield element
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary):
            yield from elements_of(kid)


def tags_of(element: Any) -> Iterator[tuple[str, list[int]]]:
    for one in elements_of(element):
        yield str(one.S), [int(kid) for kid in one.get("/K", []) if isinstance(kid, int)]


def test_its_fonts_are_in_it() -> None:
    with pikepdf.open(BytesIO(bill_pdf(bill_document(), look=LOOK))) as pdf:
        fonts = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert len(fonts) == 2  # plain and bold
        assert all("Onest" in str(one.FontName) and "/FontFile2" in one for one in fonts)


PRINT = """
import sys, django
django.setup()
from cabinet.bills.pdf import bill_pdf
from cabinet.bills.pdf.look import BillLook
from tests.support.bill_documents import bill_document
sys.stdout.buffer.write(bill_pdf(bill_document(), look=BillLook()))
"""


def test_another_process_writes_the_same_bytes_for_the_same_data() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    printed = subprocess.run(
        [sys.executable, "-c", PRINT],
        env={**environment, "PYTHONHASHSEED": "1", "TZ": "Asia/Kamchatka"},
        capture_output=True,
        check=True,
    ).stdout
    assert printed.startswith(b"%PDF")
    assert printed == bill_pdf(bill_document(), look=BillLook())


def test_an_address_in_a_notice_is_text_and_no_page_opens_what_it_was_not_given(
    tmp_path: Path,
) -> None:
    picture = tmp_path / "seen.png"
    Image.new("RGB", (9, 9), "red").save(picture)
    notice = f'Смотрите <img src="{picture.as_uri()}"> и <script>1</script>'
    content = bill_pdf(bill_document(notice=notice), masked=True, look=BillLook())
    with pikepdf.open(BytesIO(content)) as pdf:
        assert not pictures_in(pdf)
    assert "<img src=" in words_of(content)

    page = f'<p>a</p><img src="{picture.as_uri()}"><img src="{FONT}"><img src="portal:logo">'
    layout = pdf_layout(page, {"portal:code": (picture.read_bytes(), "image/png")})
    with pikepdf.open(BytesIO(layout.write_pdf())) as pdf:
        assert not pictures_in(pdf)


def pictures_in(pdf: pikepdf.Pdf) -> list[Any]:
    return [
        one
        for one in pdf.objects
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
    ]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "Ноль рублей 00 копеек"),
        ("1", "Один рубль 00 копеек"),
        ("2.01", "Два рубля 01 копейка"),
        ("5.02", "Пять рублей 02 копейки"),
        ("11.11", "Одиннадцать рублей 11 копеек"),
        ("21", "Двадцать один рубль 00 копеек"),
        ("1000", "Одна тысяча рублей 00 копеек"),
        ("2002", "Две тысячи два рубля 00 копеек"),
        ("1000000", "Один миллион рублей 00 копеек"),
        (
            "1234567.89",
            "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей 89 копеек",
        ),
    ],
)
def test_a_sum_in_words(amount: str, words: str) -> None:
    assert sum_in_words(Decimal(amount)) == words


def test_bills_of_other_people_have_the_same_shape() -> None:
    other = replace(PAYER, account_number="805112", last_name="Абрамова", address="г. Псков, д. 1")
    one, its = (
        bill_sheet(bill_document(), look=LOOK),
        bill_sheet(bill_document(payer=other, month=datetime.date(2026, 6, 1)), look=LOOK),
    )

    assert hash(one.shape) == hash(its.shape)
    assert one.shape == its.shape
    assert one.texts.keys() == its.texts.keys()
    assert bill_sheet(bill_document((gas_line(),)), look=LOOK).shape != one.shape
