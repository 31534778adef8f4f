"""Bills one after another."""

from cabinet.bills.documents import BillDocument
from cabinet.bills.pdf.full import bill_pdf
from cabinet.bills.pdf.look import bill_look


class BillPrinter:
    """Prints many bills of a company."""

    def __init__(self) -> None:
        self._look = bill_look()

    def render(self, document: BillDocument) -> bytes:
        return bill_pdf(document, look=self._look)
