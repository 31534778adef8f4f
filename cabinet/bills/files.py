"""A bill's PDF as an answer."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from cabinet.bills.documents import BillDocument
from cabinet.bills.pdf import bill_pdf
from portal.formats.dates import month_name
from portal.formats.numbers import NO_BREAK


def bill_response(document: BillDocument, *, masked: bool) -> HttpResponse:
    """Return the bill as a download that nobody on the way keeps."""
    response = HttpResponse(bill_pdf(document, masked=masked), content_type="application/pdf")
    name = bill_file_name(document, masked=masked)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def bill_file_name(document: BillDocument, *, masked: bool = False) -> str:
    """Return «Квитанция 805107 за май 2024.pdf»; without the account in a copy to show to others."""
    month = month_name(document.month).removesuffix(f"{NO_BREAK}г.").replace(NO_BREAK, " ")
    number = f", № {document.number}" if document.bills_in_month > 1 else ""
    if masked:
        return _("Квитанция за %(month)s%(number)s, без личных данных.pdf") % {
            "month": month,
            "number": number,
        }
    return _("Квитанция %(account)s за %(month)s%(number)s.pdf") % {
        "account": document.payer.account_number,
        "month": month,
        "number": number,
    }
