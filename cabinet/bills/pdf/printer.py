"""Many bills of a company: those of one shape share their layout, and only their texts are drawn."""

from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

from cabinet.bills.documents import BillDocument
from cabinet.bills.pdf.full import bill_pdf, sheet_layout
from cabinet.bills.pdf.look import BillLook, bill_look
from cabinet.bills.pdf.shape import BillShape
from cabinet.bills.pdf.sheet import BillSheet, bill_sheet, texts_blank

if TYPE_CHECKING:
    from portal.formats.pdf_forms.form import PdfForm

SHAPES = 200  # laid out and kept, some 75 KB each
# The two ways of a bill.
FILLED, LAID_OUT = "filled", "laid out"


class BillPrinter:
    """Prints bills of one look. A bill is the same file whatever was printed before it.

    `ways` counts the bills by their way: texts drawn into a shape's layout, or a layout of the bill's own,
    where a text is too long for its place or has a letter that the shape's fonts lack, or where there are
    several pages, whose heads repeat texts.
    """

    def __init__(self, look: BillLook | None = None) -> None:
        """Take the look of a company's bills; by default of the company whose schema is entered."""
        # Here, since they take half a second to load and most processes never need them.
        from portal.formats.pdf_forms.form import DoesNotFit, PdfForm

        self._look = look or bill_look()
        self._form_of, self._does_not_fit = PdfForm, DoesNotFit
        self._forms: OrderedDict[BillShape, PdfForm | None] = OrderedDict()
        self.ways: Counter[str] = Counter()

    def render(self, document: BillDocument) -> bytes:
        sheet = bill_sheet(document, look=self._look)
        form = self._form(sheet)
        if form is not None:
            try:
                content = form.fill(sheet.texts, sheet.code, title=sheet.title)
            except self._does_not_fit:
                pass
            else:
                self.ways[FILLED] += 1
                return content
        self.ways[LAID_OUT] += 1
        return bill_pdf(document, look=self._look)

    def _form(self, sheet: BillSheet) -> "PdfForm | None":
        if sheet.shape not in self._forms:
            layout = sheet_layout(texts_blank(sheet), blank=True)
            self._forms[sheet.shape] = self._form_of(layout) if len(layout.pages) == 1 else None
            if len(self._forms) > SHAPES:
                self._forms.popitem(last=False)
        self._forms.move_to_end(sheet.shape)
        return self._forms[sheet.shape]
