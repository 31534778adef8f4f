"""A bill's PDF as an answer."""

import datetime

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
    count = document.bills_in_month
    if not masked:
        return named_bill(document.payer.account_number, document.month, document.number, count)
    month, number = _month_and_number(document.month, document.number, count)
    return _("Квитанция за %(month)s%(number)s, без личных данных.pdf") % {
        "month": month,
        "number": number,
    }


def named_bill(account_number: str, month: datetime.date, number: int, count: int) -> str:
    """Return the name of the file of a bill, of which the month has `count`."""
    said_month, said_number = _month_and_number(month, number, count)
    return _("Квитанция %(account)s за %(month)s%(number)s.pdf") % {
        "account": account_number,
        "month": said_month,
        "number": said_number,
    }


def _month_and_number(month: datetime.date, number: int, count: int) -> tuple[str, str]:
    said = month_name(month).removesuffix(f"{NO_BREAK}г.").replace(NO_BREAK, " ")
    return said, f", № {number}" if count > 1 else ""
