"""The kinds of rows that billing gets: one declaration each, with the columns of the contract."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cabinet.appeals.models import Appeal
from cabinet.connection.models import ConnectionApplication
from cabinet.exchange.models import Scope
from cabinet.meters.models import Reading
from cabinet.outgoing.models import Kind
from cabinet.payments.models import Payment
from cabinet.payments.refunds.sums import Sums, left_of

Row = dict[str, Any]


@dataclass(frozen=True)
class ExportKind:
    """A kind and the `scope` of a key that may read it.

    `rows` turns primary keys into rows without their cursor.
    """

    code: Kind
    scope: Scope
    columns: tuple[str, ...]
    rows: Callable[[Sequence[int]], dict[int, Row]]

    @property
    def title(self) -> str:
        return str(self.code.label)


def number_text(value: Decimal | None) -> str | None:
    """Return a number as the contract has it: text, without an exponent or idle zeros."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment_text(moment: datetime.datetime) -> str:
    """Return the moment in the company's time, with its offset."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def reading_rows(ids: Sequence[int]) -> dict[int, Row]:
    found = Reading.objects.filter(pk__in=ids).select_related("meter__account")
    return {
        reading.pk: {
            "reading_id": str(reading.pk),
            "account_number": reading.meter.account.account_number,
            "meter_id": reading.meter.meter_id,
            "serial_number": reading.meter.serial_number,
            "taken_on": reading.taken_on.isoformat(),
            "value": number_text(reading.value),
            "previous_value": number_text(reading.previous_value),
            "source": reading.billing_source,
            "received_at": moment_text(reading.received_at),
        }
        for reading in found
    }


def payment_rows(ids: Sequence[int]) -> dict[int, Row]:
    """Return rows of payments that have succeeded: what is left of each after refunds. Two queries."""
    found = Payment.objects.filter(pk__in=ids, state=Payment.State.SUCCEEDED)
    left = left_of(ids)
    return {
        payment.pk: {
            "payment_id": str(payment.payment_id),
            "account_number": payment.account.account_number,
            "paid_at": moment_text(payment.paid_at),
            "principal": f"{left[payment.pk].principal:.2f}",
            "penalty": f"{left[payment.pk].penalty:.2f}",
            "commission": f"{left[payment.pk].commission:.2f}",
            "method": payment.method,
            "provider_payment_id": payment.provider_id,
            "status": _payment_status(payment, left[payment.pk]),
        }
        for payment in found.select_related("account")
        if payment.paid_at and payment.pk in left
    }


def _payment_status(payment: Payment, left: Sums) -> str:
    """Return how much of what the account was credited with has been given back."""
    if left.credited == payment.credited:
        return "succeeded"
    return "partly_refunded" if left.credited else "refunded"


def appeal_rows(ids: Sequence[int]) -> dict[int, Row]:
    """Return rows of appeals, without the number that a visitor of the site has typed. One query."""
    found = Appeal.objects.filter(pk__in=ids).select_related("account")
    return {
        appeal.pk: {
            "appeal_id": str(appeal.pk),
            "account_number": appeal.account.account_number
            if appeal.account and not appeal.has_typed_account
            else None,
            "kind": appeal.kind_name,
            "question": appeal.question,
            "text": appeal.text,
            "status": appeal.state,
            "created_at": moment_text(appeal.created_at),
        }
        for appeal in found
    }


def application_rows(ids: Sequence[int]) -> dict[int, Row]:
    """Return rows of applications for connection, which belong to no account. One query."""
    found = ConnectionApplication.objects.filter(pk__in=ids, submitted_at__isnull=False)
    return {
        one.pk: {
            "application_id": one.number,
            "account_number": None,
            "state": one.state,
            "submitted_at": moment_text(one.submitted_at),
        }
        for one in found.defer("answers")
        if one.submitted_at
    }


READINGS = ExportKind(
    Kind.READINGS,
    Scope.READINGS_READ,
    (
        *("reading_id", "account_number", "meter_id", "serial_number", "taken_on", "value"),
        *("previous_value", "source", "received_at"),
    ),
    reading_rows,
)
PAYMENTS = ExportKind(
    Kind.PAYMENTS,
    Scope.PAYMENTS_READ,
    (
        *("payment_id", "account_number", "paid_at", "principal", "penalty", "commission"),
        *("method", "provider_payment_id", "status"),
    ),
    payment_rows,
)
APPEALS = ExportKind(
    Kind.APPEALS,
    Scope.APPEALS_READ,
    ("appeal_id", "account_number", "kind", "question", "text", "status", "created_at"),
    appeal_rows,
)
APPLICATIONS = ExportKind(
    Kind.APPLICATIONS,
    Scope.APPLICATIONS_READ,
    ("application_id", "account_number", "state", "submitted_at"),
    application_rows,
)
KINDS = {str(kind.code): kind for kind in (READINGS, PAYMENTS, APPEALS, APPLICATIONS)}
