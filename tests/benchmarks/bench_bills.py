"""Bills of a company against a layout for each and against Typst, in one run and on one core.

The same page three ways, its QR code included: the printer of bills; `HTML(string).write_pdf()` for each
bill, its stylesheet read each time, with segno's code as a picture; one compiler of Typst with the bill as
its input. Processor time, so that whatever else the machine does is in no figure; each way in turn. Wanted:
30 times the first of the two and twice the second; memory stays flat over `BILLS` bills.
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import pypdfium2
import segno
import typst
import zxingcpp
from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from weasyprint import HTML

from cabinet.bills.documents import BillDocument
from cabinet.bills.pdf.full import CODE, sheet_html
from cabinet.bills.pdf.look import BillLook
from cabinet.bills.pdf.printer import LAID_OUT, BillPrinter
from cabinet.bills.pdf.sheet import bill_sheet
from portal.formats.pdf import FONT
from portal.formats.qr import qr_png
from tests.support.bill_documents import PAYER, bill_document, gas_line, sums
from tests.support.pdf import pages_of_pdf

BILLS = int(os.environ.get("BILLS", "10000"))
ROUNDS = 15
LOOK = BillLook()
LABELS = {
    "accrued": "Начислено",
    "recalculated": "Перерасчёт",
    "paid": "Оплачено",
}
Way = Callable[[BillDocument], bytes]


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def households() -> Iterator[BillDocument]:
    """Bills of one shape that differ in every figure."""
    sample = bill_document()
    for number in count(1):
        line = gas_line(
            volume=Decimal(number % 300),
            sums=sums(
                opening_balance=f"{number % 977}.15",
                accrued=f"{100 + number % 1009}.81",
                recalculated="-40.00",
                paid=f"{number % 89}.10",
            ),
        )
        payer = replace(
            PAYER,
            account_number=str(800000 + number),
            address=f"г. Псков, ул. Максима Горького, д. {number % 90}, кв. {number % 251}",
        )
        made = bill_document((line, *sample.lines[1:]), payer=payer)
        yield made if made.left > 0 else sample


def laid_out_each(document: BillDocument) -> bytes:
    sheet = bill_sheet(document, look=LOOK)
    code = segno.make_qr(sheet.code, error="m", boost_error=False)
    page = sheet_html(sheet).replace(CODE, code.png_data_uri(scale=1, border=0))
    content: bytes = HTML(string=page).write_pdf()
    return content


def by_typst(folder: Path) -> Way:
    """One compiler for all bills; the portal's font in the two weights, as Typst takes no others."""
    for weight in (400, 700):
        font = TTFont(FONT.removeprefix("file://").replace("%5B", "[").replace("%5D", "]"))
        instantiateVariableFont(font, {"wght": weight}, inplace=True)
        font.save(folder / f"Onest-{weight}.ttf")
    page = folder / "bill.typ"
    page.write_bytes((settings.BASE_DIR / "tests/benchmarks/bill.typ").read_bytes())
    (folder / "code.png").write_bytes(qr_png(b"1"))
    compiler = typst.Compiler(
        input=page, root=folder, font_paths=[folder], ignore_system_fonts=True
    )

    def work(document: BillDocument) -> bytes:
        sheet = bill_sheet(document, look=LOOK)
        shape, texts = sheet.shape, sheet.texts
        labels = {
            **LABELS,
            "opening_balance": f"Долг на {texts['head-opening']}",
            "closing_balance": f"Долг на {texts['head-closing']}",
        }
        given = {
            "title": sheet.title,
            "texts": texts,
            "company_name": shape.company_name,
            "company_site": shape.company_site,
            "company_phone": shape.company_phone,
            "columns": [{"name": name, "label": labels[name]} for name in shape.columns],
            "lines": [asdict(line) for line in shape.lines],
            "payments": shape.payments,
            "payee": asdict(shape.payee),
        }
        (folder / "code.png").write_bytes(qr_png(sheet.code))
        inputs = {"data": json.dumps(given, ensure_ascii=False)}
        return compiler.compile(sys_inputs=inputs, timestamp=0, pdf_tags=False)

    return work


def timed(way: Way, documents: list[BillDocument]) -> tuple[float, int]:
    """Return the processor seconds and the bytes of a bill."""
    gc.collect()
    started = time.process_time()
    size = sum(len(way(document)) for document in documents)
    return (time.process_time() - started) / len(documents), size // len(documents)


def resident() -> float:
    """Return the memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def check(content: bytes, document: BillDocument) -> None:
    """One page that says whose bill it is, with a code that can be read."""
    (words,) = pages_of_pdf(content)
    assert document.payer.account_number in words and document.payee.bic in words
    picture = pypdfium2.PdfDocument(content)[0].render(scale=4).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.bytes == bill_sheet(document, look=LOOK).code


def bench_bills(tmp_path: Path) -> None:
    printer, bills = BillPrinter(LOOK), households()
    ways = {
        "печать": (printer.render, 100),
        "вёрстка каждой": (laid_out_each, 2),
        "Typst": (by_typst(tmp_path), 30),
    }
    laid_out = time.process_time()
    printer.render(next(bills))
    laid_out = time.process_time() - laid_out
    for way, _ in ways.values():
        document = next(bills)
        check(way(document), document)
    figures: dict[str, list[tuple[float, int]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, (way, number) in ways.items():
            figures[name].append(timed(way, [next(bills) for _ in range(number)]))
    seconds = {name: statistics.median(one for one, _ in own) for name, own in figures.items()}
    for name, own in figures.items():
        size = statistics.median(one for _, one in own)
        say(
            f"{name}: {seconds[name] * 1000:.2f} мс, {1 / seconds[name]:,.0f} в секунду на ядро,"
            f" {size / 1024:.1f} КБ"
        )
    each, other = (seconds[name] / seconds["печать"] for name in ("вёрстка каждой", "Typst"))
    say(
        f"быстрее вёрстки каждой в {each:.0f} раз, Typst в {other:.1f}; вид вёрстан {laid_out:.2f} с"
    )
    _stays_flat(printer, bills)
    assert printer.ways[LAID_OUT] == 0
    assert each >= 30 and other >= 2
    assert max(size for _, size in figures["печать"]) <= 40 * 1024


def _stays_flat(printer: BillPrinter, bills: Iterator[BillDocument]) -> None:
    for _ in range(BILLS // 10):
        printer.render(next(bills))
    before = resident()
    for _ in range(BILLS):
        printer.render(next(bills))
    grown = resident() - before
    say(f"за {BILLS} квитанций память выросла на {grown:.1f} МБ (всего {before + grown:.0f})")
    assert grown < 4
