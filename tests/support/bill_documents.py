"""Bills made by hand: what a month says on paper, without rows of billing."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

from cabinet.billing.selectors.lines import Sums, side_by_side
from cabinet.bills.documents import (
    BillDocument,
    BillLine,
    BillPayment,
    MeterDifference,
    Payee,
    Payer,
)

PAYEE = Payee(
    legal_name="Общество с ограниченной ответственностью «Псковрегионгаз»",
    inn="6027012340",
    kpp="602701001",
    bank_name="Псковское отделение № 8630 ПАО Сбербанк",
    bic="045805602",
    correspondent_account="30101810300000000602",
    settlement_account="40702810551000012345",
)
PAYER = Payer(
    account_number="805107",
    unified_account_number="60КХ478547",
    gku_id="60КХ478547-01",
    address="180004, Псковская обл., г. Псков, ул. Максима Горького, д. 15, корп. 2, кв. 107",
    area_m2=Decimal("54.30"),
    living=2,
    registered=3,
    last_name="Корнилова",
    first_name="Нина",
    patronymic="Егоровна",
)
METER = MeterDifference(
    serial_number="01234567",
    earlier=Decimal(9018),
    earlier_on=datetime.date(2026, 3, 25),
    later=Decimal(9127),
    later_on=datetime.date(2026, 4, 25),
)


def sums(**amounts: str) -> Sums:
    """Return sums that add up: the closing balance is worked out."""
    found = Sums(**{name: Decimal(amount) for name, amount in amounts.items()})
    closing = (
        found.opening_balance
        + found.actually_accrued
        + found.corrected
        - found.written_off
        - found.paid
    )
    return replace(found, closing_balance=closing)


def gas_line(**changes: Any) -> BillLine:
    line = BillLine(
        service_code="gas",
        service_name="Газоснабжение природным газом",
        is_penalty=False,
        tariff=Decimal("9.934000"),
        unit="м³",
        volume=Decimal(109),
        sums=sums(
            opening_balance="820.15", accrued="1082.81", recalculated="-40.00", paid="820.15"
        ),
        recalculation_reason="временное отсутствие с 3 по 9 апреля, заявление № 114",
        meter=METER,
    )
    return replace(line, **changes)


def bill_document(lines: tuple[BillLine, ...] | None = None, **changes: Any) -> BillDocument:
    """Return the bill of May 2026 of a household, to be paid."""
    if lines is None:
        upkeep = gas_line(
            service_code="to",
            service_name="Техобслуживание газового оборудования",
            tariff=Decimal("118.50"),
            unit="",
            volume=None,
            sums=sums(opening_balance="118.50", accrued="118.50", paid="118.50"),
            recalculation_reason="",
            meter=None,
        )
        penalty = gas_line(
            is_penalty=True,
            tariff=None,
            volume=None,
            sums=sums(opening_balance="3.10", accrued="2.05"),
            recalculation_reason="",
            meter=None,
        )
        lines = (gas_line(), penalty, upkeep)
    totals = side_by_side(line.sums for line in lines)
    document = BillDocument(
        account_id=1,
        month=datetime.date(2026, 5, 1),
        number=1,
        bill_kind="общая",
        payer=PAYER,
        payee=PAYEE,
        company_name="Псковрегионгаз",
        company_phone="+7 8112 59-50-50",
        company_site="pskov.gas.example",
        lines=lines,
        totals=totals,
        principal=sum(
            (line.sums.closing_balance for line in lines if not line.is_penalty), Decimal("0.00")
        ),
        penalty=sum(
            (line.sums.closing_balance for line in lines if line.is_penalty), Decimal("0.00")
        ),
        payments=(BillPayment(datetime.date(2026, 4, 12), Decimal("938.65"), "Сбербанк Онлайн"),),
        payments_since=(),
        due_on=datetime.date(2026, 5, 15),
        notice="",
        is_newest=True,
        as_of=datetime.datetime(2026, 5, 3, 2, 0, tzinfo=datetime.UTC),
    )
    return replace(document, **changes)
