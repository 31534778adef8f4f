"""«Перечислено»: by which payment order the provider has sent the money of payments to the company."""

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cabinet.payments.bank_files.columns import IDENTIFIERS
from cabinet.payments.bank_files.reading import RegistryBroken, RegistryLine
from cabinet.payments.models import Payment, Transfer
from cabinet.payments.reconciliation.days import Days
from portal.audit.services import audit_write
from portal.staff.models import StaffUser

_PART = 500


@dataclass(frozen=True)
class Marked:
    """How many payments a step has marked; `known` were marked before, `unknown` are not ours."""

    marked: int
    known: int = 0
    unknown: int = 0


def untransferred_of(period: Days) -> QuerySet[Payment]:
    """Return the payments of some days that nobody has said to be transferred."""
    return Payment.objects.filter(
        state=Payment.State.SUCCEEDED,
        transfer=None,
        paid_at__gte=period[0],
        paid_at__lt=period[1],
    )


@transaction.atomic
def transfer_enter(
    *, number: str, transferred_on: datetime.date, period: Days, actor: StaffUser
) -> Marked:
    """Mark all payments of a period that are not marked yet by one payment order."""
    transfer = _transfer(number, transferred_on, "", actor)
    marked = untransferred_of(period).update(transfer=transfer)
    _audit(transfer, marked, actor)
    return Marked(marked)


@transaction.atomic
def transfers_read(*, lines: list[RegistryLine], source: str, actor: StaffUser) -> Marked:
    """Mark the payments that a registry names, by its payment orders. Raises RegistryBroken."""
    orders = defaultdict(list)
    for line in lines:
        day, number = line.days.get("transferred_on"), line.texts.get("order_number", "")
        if day is None or not number or len(number) > 20:
            text = _("Строка %(line)s: нет даты или номера платёжного поручения.")
            raise RegistryBroken([text % {"line": line.number}])
        orders[number, day].append(line)
    marked = known = unknown = 0
    for (number, day), named in orders.items():
        found = _named(named)
        transfer = _transfer(number, day, source, actor)
        fresh = [one.pk for one in found if one.transfer_id is None]
        marked_now = Payment.objects.filter(pk__in=fresh, transfer=None).update(transfer=transfer)
        marked, known = marked + marked_now, known + len(found) - marked_now
        unknown += len(named) - len(found)
        _audit(transfer, marked_now, actor)
    return Marked(marked, known, unknown)


def _named(lines: list[RegistryLine]) -> list[Payment]:
    """Return the payments that the lines name; where a line has a sum, ours must be the same."""
    found = []
    for begin in range(0, len(lines), _PART):
        part = lines[begin : begin + _PART]
        wanted = {name: [one.texts.get(name, "") for one in part] for name in IDENTIFIERS}
        rows = Payment.objects.filter(state=Payment.State.SUCCEEDED).filter(
            Q(provider_id__in=[one for one in wanted["provider_id"] if one])
            | Q(payment_id__in=[one for one in map(_uuid, wanted["payment_id"]) if one])
            | Q(pk__in=[int(one) for one in wanted["number"] if _is_number(one)])
        )
        by_name: dict[tuple[str, str], Payment] = {}
        for row in rows.order_by("pk"):
            by_name["provider_id", str(row.provider_id)] = row
            by_name["payment_id", str(row.payment_id)] = row
            by_name["number", str(row.pk)] = row
        for line in part:
            keys = ((name, line.texts.get(name, "").lower()) for name in IDENTIFIERS)
            payment = next((by_name[key] for key in keys if key in by_name), None)
            if payment and line.sums.get("amount", payment.amount) == payment.amount:
                found.append(payment)
    return found


def _transfer(number: str, day: datetime.date, source: str, actor: StaffUser) -> Transfer:
    defaults = {"source": source[:100], "entered_by": actor.get_username()}
    return Transfer.objects.get_or_create(number=number, transferred_on=day, defaults=defaults)[0]


def _audit(transfer: Transfer, count: int, actor: StaffUser) -> None:
    audit_write(
        actor=actor,
        action="payments.transferred",
        subject=transfer,
        details={"payments": count, "day": transfer.transferred_on.isoformat()},
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
