"""A bill as places of a page and the texts in them.

Bills of one shape have the same blocks, rows and columns and differ in the texts of their slots alone, so
that one layout serves all of them. What is the same for most bills of a company, such as its requisites and
the names of services, is a part of the shape.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from num2words import num2words

from cabinet.accounts.typed import masked_account_number
from cabinet.billing.models import COMMON_BILL
from cabinet.billing.selectors.lines import Sums
from cabinet.bills.documents import BillDocument, BillLine, BillPayment
from cabinet.bills.pdf.look import BillLook
from cabinet.bills.pdf.payment_code import payment_code_of
from cabinet.bills.pdf.shape import ALWAYS, COLUMNS, BillShape, LineShape, State
from portal.formats.dates import (
    day_and_month,
    long_day,
    long_moment,
    month_after,
    month_in,
    month_name,
    short_day,
)
from portal.formats.numbers import (
    NO_BREAK,
    grouped,
    kopecks,
    plain_decimal,
    rubles,
    rubles_unsigned,
)
from portal.formats.places import address_line


@dataclass(frozen=True)
class BillSheet:
    """`texts`: by slot, formatted; each stands in one line where it fits. `code`: of payment."""

    shape: BillShape
    texts: Mapping[str, str]
    code: bytes | None

    @property
    def title(self) -> str:
        """Return the title of the file."""
        return f"{self.texts['title']}, лицевой счёт {self.texts['account']}"


def bill_sheet(
    document: BillDocument, *, masked: bool = False, look: BillLook | None = None
) -> BillSheet:
    """Return what the page says. A masked copy says nothing of who the payer is and where he lives."""
    look, state = look or BillLook(), state_of(document)
    code = None if masked else payment_code_of(document, look.encoding)
    payer, notes = dict(_payer(document, masked=masked)), dict(_amount_notes(document, state))
    lines = [
        (line, _line_notes(line, masked=masked)) for line in document.lines if _is_printed(line)
    ]
    columns = tuple(
        name
        for name in COLUMNS
        if name in ALWAYS or any(getattr(line.sums, name) for line, _notes in lines)
    )
    shape = BillShape(
        look=look,
        company_name=document.company_name,
        company_phone=document.company_phone,
        company_site=document.company_site.rpartition("://")[2].rstrip("/"),
        notice=document.notice,
        payee=document.payee,
        masked=masked,
        state=state,
        payer=tuple(payer),
        amount_notes=tuple(notes),
        columns=columns,
        lines=tuple(
            LineShape(line.service_name, line.is_penalty, tuple(found)) for line, found in lines
        ),
        payments=len(document.payments),
        payments_since=len(document.payments_since),
        payments_are_shared=document.payments_are_shared,
        has_restated=bool(document.restated),
        has_as_of=document.as_of is not None,
        has_tear_off=state == State.TO_PAY and not masked,
        has_code=code is not None,
    )
    texts = {**_heads(document), **payer, **notes, "sum": rubles_unsigned(document.asked)}
    if shape.has_tear_off:
        texts |= _slip(document, texts)
    return BillSheet(shape, {**texts, **_rows(document, lines, columns)}, code)


def state_of(document: BillDocument) -> State:
    if not document.is_newest:
        return State.OLD
    if document.left > 0:
        return State.TO_PAY
    return State.OVERPAID if document.left < 0 else State.SETTLED


def sum_in_words(amount: Decimal) -> str:
    """Return ₽ as a cashier reads them out: «Одна тысяча двести рублей 50 копеек»."""
    words: str = num2words(
        amount.quantize(Decimal("0.01")),
        lang="ru",
        to="currency",
        currency="RUB",
        cents=False,
        separator="",
    )
    return words[:1].upper() + words[1:]


def _heads(document: BillDocument) -> dict[str, str]:
    explained = document.explained_month
    number = "" if document.bills_in_month == 1 else f" № {document.number}"
    kind = "" if document.bill_kind == COMMON_BILL else f", {document.bill_kind}"
    texts = {
        "title": f"Квитанция{number} за {month_name(document.month)}{kind}",
        "period": f"Начисления за {month_name(explained)}",
        "head-opening": day_and_month(explained),
        "head-closing": day_and_month(document.month),
        "head-payments": f"Оплачено в {month_in(explained)}",
        "head-since": _head_since(document),
    }
    if document.restated:
        texts["restated"] = kopecks(document.restated)
        texts["restated-total"] = kopecks(document.total)
    if document.as_of is not None:
        texts["as-of"] = f"По данным на {long_moment(document.as_of)}"
    return texts


def _head_since(document: BillDocument) -> str:
    following = month_after(document.month)
    if any(one.paid_on >= following for one in document.payments_since):
        return f"Оплачено с {long_day(document.month)}"
    return f"Оплачено в {month_in(document.month)}"


def _payer(document: BillDocument, *, masked: bool) -> Iterator[tuple[str, str]]:
    payer = document.payer
    number = payer.account_number
    yield "account", masked_account_number(number) if masked else number
    if not masked and payer.unified_account_number:
        yield "unified", payer.unified_account_number
    if not masked and payer.gku_id:
        yield "gku", payer.gku_id
    if payer.area_m2 is not None:
        yield "area", f"{grouped(payer.area_m2)}{NO_BREAK}м²"
    if payer.living is not None:
        yield "living", grouped(payer.living)
    if payer.registered is not None:
        yield "registered", grouped(payer.registered)
    yield "name", payer.masked_name if masked else payer.name
    if not masked:
        yield "address", address_line(payer.address)


def _amount_notes(document: BillDocument, state: State) -> Iterator[tuple[str, str]]:
    if state == State.TO_PAY and document.due_on:
        yield "due", f"до {long_day(document.due_on)}"
    if state in {State.TO_PAY, State.OLD}:
        yield "words", sum_in_words(abs(document.asked))
    is_paid_in_part = document.is_newest and bool(document.paid_since)
    # More than the sum where the principal is overpaid: no part of it then.
    words = "В том числе" if document.penalty <= document.asked else "С учётом"
    if document.penalty > 0 and not is_paid_in_part:
        yield "penalty", f"{words} пени {rubles(document.penalty)}"
    if is_paid_in_part:
        whole, paid = rubles(document.total), rubles(document.paid_since)
        penalty = f" с учётом пени {rubles(document.penalty)}" if document.penalty > 0 else ""
        yield "paid-since", f"По квитанции {whole}{penalty}, из них оплачено {paid}"


def _slip(document: BillDocument, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of the part that a bank keeps."""
    names = ("account", "name", "address", "sum")
    slip = {f"slip-{name}": texts[name] for name in names}
    slip["slip-period"] = month_name(document.explained_month)
    if document.due_on:
        slip["slip-due"] = short_day(document.due_on)
    return slip


def _rows(
    document: BillDocument, lines: Sequence[tuple[BillLine, dict[str, str]]], columns: Sequence[str]
) -> dict[str, str]:
    """Return the texts of the tables: lines with their notes, the total, payments."""
    texts = _sums("total", document.totals, columns)
    for place, (line, notes) in enumerate(lines):
        texts |= {f"line-{place}-{name}": text for name, text in notes.items()}
        texts |= _sums(f"line-{place}", line.sums, columns)
    texts |= _payments("payment", document.payments)
    return texts | _payments("since", document.payments_since)


def _line_notes(line: BillLine, *, masked: bool) -> dict[str, str]:
    """Return the notes of a line by name: what was multiplied, by what it was measured, why it changed."""
    notes = {}
    if line.volume is not None:
        notes["rate"] = _rate(line, line.volume)
        if line.volume or line.meter:
            notes["basis"] = _basis(line, masked=masked)
    if line.is_ended:
        notes["ended"] = "За этот месяц не начислялась: остаток прошлых месяцев"
    # Why is a person's own business: away, ill, an act.
    if line.recalculation_reason and line.sums.recalculated and not masked:
        notes["reason"] = f"Перерасчёт: {line.recalculation_reason}"
    return notes


def _rate(line: BillLine, volume: Decimal) -> str:
    measured = f"{grouped(volume)}{NO_BREAK}{line.unit}".rstrip()
    if line.tariff is None:
        return measured
    return f"{measured} × {plain_decimal(line.tariff)}{NO_BREAK}₽"


def _basis(line: BillLine, *, masked: bool) -> str:
    if line.meter is None:
        return "Объём — по расчёту компании"
    meter = line.meter
    number = "" if masked else f" №{NO_BREAK}{meter.serial_number}"
    earlier, later = plain_decimal(meter.earlier), plain_decimal(meter.later)
    kind = " (расчётное)" if meter.is_calculated else ""
    remark = ", отсчёт начался с нуля" if meter.rolled_over else ""
    return (
        f"По счётчику{number}: было {earlier} на {short_day(meter.earlier_on)}, "
        f"стало {later}{kind} на {short_day(meter.later_on)}{remark}"
    )


def _is_printed(line: BillLine) -> bool:
    """Tell whether a line has something to say: billing has penalty rows of services nobody owes any for."""
    return not line.is_penalty or any(getattr(line.sums, name) for name in COLUMNS)


def _sums(place: str, sums: Sums, columns: Sequence[str]) -> dict[str, str]:
    return {f"{place}-{name}": kopecks(getattr(sums, name)) for name in columns}


def _payments(place: str, payments: tuple[BillPayment, ...]) -> dict[str, str]:
    texts = {}
    for number, payment in enumerate(payments):
        texts[f"{place}-{number}-day"] = short_day(payment.paid_on)
        texts[f"{place}-{number}-source"] = payment.source
        texts[f"{place}-{number}-amount"] = kopecks(payment.amount)
    return texts


def texts_blank(sheet: BillSheet) -> BillSheet:
    """Return the sheet with nothing in its slots: what bills of its shape share."""
    return replace(sheet, texts=dict.fromkeys(sheet.texts, ""), code=None)
