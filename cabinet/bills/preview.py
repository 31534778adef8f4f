"""A bill of nobody, for those who choose how a company's bills look."""

import datetime
from dataclasses import replace
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cabinet.billing.models import COMMON_BILL
from cabinet.billing.selectors.lines import Sums, side_by_side
from cabinet.bills.documents import BillDocument, BillLine, BillPayment, MeterDifference, Payer
from cabinet.bills.pdf import bill_pdf
from cabinet.bills.selectors import letterhead
from portal.desk.access import company_only, desk_view
from portal.formats.dates import month_after

RIGHT = "bills.change_billsettings"
PAYER = Payer(
    account_number="100200300",
    unified_account_number="00АА000000",
    gku_id="00АА000000-00",
    last_name="Образцова",
    first_name="Анна",
    patronymic="Ивановна",
    address="г. Примерный, ул. Образцовая, д. 1, кв. 2",
    area_m2=Decimal("54.30"),
    living=2,
    registered=2,
)


@company_only
@desk_view(RIGHT)
def bill_preview(request: HttpRequest) -> HttpResponse:
    """Show a bill in the company's look, with made-up figures, as it would be printed today."""
    content = bill_pdf(_made_up(timezone.localdate().replace(day=1)))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="bill.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _made_up(month: datetime.date) -> BillDocument:
    head = letterhead(month, timezone.now())
    explained = month_after(month, -1)
    lines = (_gas(explained), _penalty())
    totals = side_by_side(line.sums for line in lines)
    return BillDocument(
        account_id=0,
        month=month,
        number=1,
        bill_kind=COMMON_BILL,
        payer=PAYER,
        payee=head.payee,
        company_name=head.company_name,
        company_phone=head.phone,
        company_site=head.site,
        lines=lines,
        totals=totals,
        principal=lines[0].sums.closing_balance,
        penalty=lines[1].sums.closing_balance,
        payments=(BillPayment(explained.replace(day=12), Decimal("820.15"), "Банк"),),
        payments_since=(),
        due_on=head.due_on,
        notice=head.notice,
        is_newest=True,
        as_of=head.as_of,
    )


def _gas(month: datetime.date) -> BillLine:
    meter = MeterDifference(
        serial_number="0000001",
        earlier=Decimal(1000),
        earlier_on=month_after(month, -1).replace(day=25),
        later=Decimal(1100),
        later_on=month.replace(day=25),
    )
    return BillLine(
        service_code="gas",
        service_name="Газоснабжение природным газом",
        is_penalty=False,
        tariff=Decimal("10.00"),
        unit="м³",
        volume=Decimal(100),
        sums=Sums(
            opening_balance=Decimal("820.15"),
            accrued=Decimal("1000.00"),
            recalculated=Decimal("-40.00"),
            paid=Decimal("820.15"),
            closing_balance=Decimal("960.00"),
        ),
        recalculation_reason="временное отсутствие",
        meter=meter,
    )


def _penalty() -> BillLine:
    sums = Sums(accrued=Decimal("2.05"), closing_balance=Decimal("2.05"))
    return replace(
        _gas(datetime.date(2026, 1, 1)),
        is_penalty=True,
        tariff=None,
        volume=None,
        sums=sums,
        recalculation_reason="",
        meter=None,
    )
