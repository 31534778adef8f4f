"""A bill as a person gets it: a page of its own layout, with tags for screen readers."""

from typing import Any

from django.template.loader import render_to_string

from cabinet.bills.documents import BillDocument
from cabinet.bills.pdf.look import BillLook, bill_look
from cabinet.bills.pdf.sheet import BillSheet, bill_sheet
from cms_pages.brand.colours import soft_shade
from portal.formats.pdf import FONT, pdf_layout, tagged_pdf
from portal.formats.qr import qr_png

TEMPLATE = "pdf/bill.html"
PAYER_LABELS = (
    ("unified", "Единый лицевой счёт"),
    ("gku", "Идентификатор ЖКУ"),
    ("area", "Площадь"),
    ("living", "Проживают"),
    ("registered", "Прописаны"),
)
LOGO, CODE = "portal:logo", "portal:code"


def bill_pdf(
    document: BillDocument, *, masked: bool = False, look: BillLook | None = None
) -> bytes:
    """Return the bill as a tagged PDF; `masked`: a copy to show to others. Nothing is stored.

    `look`: the company's, read here if it is not given.
    """
    sheet = bill_sheet(document, masked=masked, look=look or bill_look())
    return tagged_pdf(sheet_layout(sheet))


def sheet_layout(sheet: BillSheet, *, blank: bool = False) -> Any:
    """Return a sheet, laid out: WeasyPrint's document. `blank`: with empty slots that have ids.

    Twice: how many pages there are, and how much room is left above the part at the foot of the page, is
    known only then.
    """
    first = _layout(sheet, blank=blank, pages=1, gap=0)
    pages, gap = len(first.pages), _room_below_slip(first)
    if pages == 1 and gap < 1:
        return first
    return _layout(sheet, blank=blank, pages=pages, gap=gap)


def _layout(sheet: BillSheet, *, blank: bool, pages: int, gap: int) -> Any:
    look = sheet.shape.look
    pictures = {LOGO: (look.logo, look.logo_type)} if look.logo else {}
    if sheet.code is not None:
        pictures[CODE] = (qr_png(sheet.code), "image/png")
    return pdf_layout(sheet_html(sheet, blank=blank, pages=pages, gap=gap), pictures)


def sheet_html(sheet: BillSheet, *, blank: bool = False, pages: int = 1, gap: int = 0) -> str:
    """Return the page; its pictures have the addresses `LOGO` and `CODE`."""
    look = sheet.shape.look
    context = {
        "sheet": sheet,
        "shape": sheet.shape,
        "blank": blank,
        "pages": pages,
        "gap": gap,
        "payer_labels": PAYER_LABELS,
        "soft_colour": soft_shade(look.brand_colour),
        "font_url": FONT,
        "logo_url": LOGO if look.logo else "",
        "code_url": CODE,
    }
    return render_to_string(TEMPLATE, context)


def _room_below_slip(layout: Any) -> int:
    """Return the room below the part that is torn off at the foot of the first page, in CSS pixels."""
    page = layout.pages[0]._page_box  # noqa: SLF001
    for box in page.descendants():
        if box.element is not None and box.element.get("class") == "slip bottom":
            end = page.content_box_y() + page.height
            return max(0, int(end - box.border_box_y() - box.border_height()) - 1)
    return 0
