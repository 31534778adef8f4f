"""A registry of payments by a profile: rows, and a closing control line with their number and sums."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from cabinet.payments.bank_files.columns import COLUMNS, COUNT, SUMS, Value, field_text
from cabinet.payments.models import Payment, PaymentRegistryProfile
from cabinet.payments.reconciliation.days import Days
from cabinet.payments.refunds.sums import Sums, left_of

_PART = 1000
PREVIEW = 5


def payments_of(period: Days) -> QuerySet[Payment]:
    """Return what was paid in the period, oldest first."""
    rows = Payment.objects.filter(
        state=Payment.State.SUCCEEDED, paid_at__gte=period[0], paid_at__lt=period[1]
    )
    # No file has the request, which would be deciphered for each.
    rows = rows.defer("body", "email", "provider_state", "paid_for")
    return rows.select_related("account", "transfer").order_by("paid_at", "pk")


def payments_left(payments: QuerySet[Payment]) -> Iterator[tuple[Payment, Sums]]:
    """Yield payments with what is left of them; those that were given back whole are left out."""
    part: list[Payment] = []
    for payment in payments.iterator(chunk_size=_PART):
        part.append(payment)
        if len(part) == _PART:
            yield from _with_left(part)
            part = []
    yield from _with_left(part)


def _with_left(part: list[Payment]) -> Iterator[tuple[Payment, Sums]]:
    left = left_of([one.pk for one in part])
    for payment in part:
        if payment.pk in left and left[payment.pk].total:
            yield payment, left[payment.pk]


def registry_write(profile: PaymentRegistryProfile, payments: QuerySet[Payment]) -> bytes:
    """Return the file. What its encoding has no letter for becomes a question mark."""
    text = "".join(f"{line}\r\n" for line in registry_lines(profile, payments_left(payments)))
    return text.encode(profile.encoding, errors="replace")


def registry_lines(
    profile: PaymentRegistryProfile, payments: Iterator[tuple[Payment, Sums]]
) -> Iterator[str]:
    if profile.has_header:
        titles = [str(COLUMNS[name].title) if name else "" for name in profile.columns]
        yield _line(profile, titles)
    count, totals = 0, dict.fromkeys(SUMS, Decimal("0.00"))
    for payment, left in payments:
        values = {name: COLUMNS[name].value(payment, left) for name in profile.columns if name}
        yield _line(profile, [values.get(name) for name in profile.columns])
        count += 1
        for name in SUMS:
            value = values.get(name)
            totals[name] += value if isinstance(value, Decimal) else 0
    control: list[Value] = [profile.control_sign] if profile.control_sign else []
    control += [count if name == COUNT else totals[name] for name in profile.control]
    yield _line(profile, control)


def _line(profile: PaymentRegistryProfile, values: Sequence[Value]) -> str:
    return profile.separator.join(field_text(profile, one) for one in values)
