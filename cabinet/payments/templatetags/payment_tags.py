"""Parts about payments for templates of lower apps too: `{% load payment_tags %}`."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar

from django import template
from django.urls import reverse

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.models import PersonalAccount
from cabinet.billing.history.payments import PaymentRow
from cabinet.payments.models import Refund
from cabinet.payments.page.bank_code import bank_code_of
from cabinet.payments.registry import payments_are_taken
from cabinet.payments.result.reasons import Reason, refund_reason_of
from cabinet.payments.selectors import payments_in_flight, payments_of, portal_numbers
from cabinet.subscribers.models import AccountLink

register = template.Library()
_T = TypeVar("_T")

# The page has more of them on request: nobody looks for older ones below a form.
_LISTED = 5


@register.inclusion_tag("cabinet/payments/listed.html")
def payments_listed(access: AccountAccess) -> dict[str, Any]:
    """Show the newest payments that the portal has taken for an account. One query."""
    return {"payments": payments_of(access.account)[:_LISTED], "link": access.link}


@register.inclusion_tag("cabinet/payments/bank_code.html")
def bank_code(
    account: PersonalAccount,
    principal: Decimal,
    penalty: Decimal,
    month: datetime.date | None = None,
    *,
    for_guest: bool = False,
) -> dict[str, Any]:
    """Show the code of ГОСТ Р 56042-2014 for an account and sums, where the company can be paid by one.

    In the schema of the account's company; the page may be on another company's host.
    """
    code = bank_code_of(account, principal, penalty, month=month, for_guest=for_guest)
    return {"code": code}


@register.simple_tag(takes_context=True)
def payment_address(context: template.RequestContext, link: AccountLink) -> str:
    """Return the page that takes a payment for the account of a link.

    Empty for whoever may only look, and where the company takes no payments. One query a page.
    """
    if link.delegation_id or not _remembered(context, "are_taken", payments_are_taken):
        return ""
    return reverse("payments:pay", args=[link.pk])


@register.inclusion_tag("cabinet/payments/beside_sum.html", takes_context=True)
def in_flight(context: template.RequestContext, account_id: int) -> dict[str, Any]:
    """Show beside a sum due what is being paid of it already, by anybody. One query a page."""

    def read() -> Decimal:
        found = payments_in_flight([account_id]).get(account_id, [])
        return sum((one.amount for one in found), Decimal(0))

    return {"total": _remembered(context, f"in_flight_{account_id}", read)}


@register.simple_tag
def portal_payments(rows: Iterable[PaymentRow]) -> list[tuple[PaymentRow, int | None]]:
    """Return rows of the history, each with the number of the portal's own payment. One query."""
    listed = list(rows)
    numbers = portal_numbers(row.payment_id for row in listed)
    return [(row, row.number or numbers.get(row.payment_id)) for row in listed]


def _remembered(context: template.RequestContext, name: str, read: Callable[[], _T]) -> _T:
    """Return what has been read for this page already: it stands at several sums."""
    remembered: dict[str, Any] = vars(context["request"]).setdefault("payments_read", {})
    if name not in remembered:
        remembered[name] = read()
    found: _T = remembered[name]
    return found


@register.filter
def refund_reason(refund: Refund) -> Reason:
    """Return why the provider has canceled a refund, and what a cashier can do."""
    return refund_reason_of(refund.cancellation_reason)
