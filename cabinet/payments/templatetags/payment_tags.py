"""Parts about payments for templates of lower apps too: `{% load payment_tags %}`."""

import datetime
from decimal import Decimal
from typing import Any

from django import template

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.models import PersonalAccount
from cabinet.payments.models import Payment
from cabinet.payments.result.bank_code import bank_code_of
from cabinet.payments.selectors import payments_of
from cabinet.payments.timeline import timeline_of

register = template.Library()

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


@register.inclusion_tag("cabinet/payments/timeline.html")
def payment_timeline(payment: Payment) -> dict[str, Any]:
    """Show «Где мои деньги» of a payment."""
    return {"steps": timeline_of(payment)}
