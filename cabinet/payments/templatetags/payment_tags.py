"""Parts about payments for templates of lower apps too: `{% load payment_tags %}`."""

from typing import Any

from django import template

from cabinet.accounts.access import AccountAccess
from cabinet.payments.models import Payment
from cabinet.payments.selectors import payments_of
from cabinet.payments.timeline import timeline_of

register = template.Library()

# The page has more of them on request: nobody looks for older ones below a form.
_LISTED = 5


@register.inclusion_tag("cabinet/payments/listed.html")
def payments_listed(access: AccountAccess) -> dict[str, Any]:
    """Show the newest payments that the portal has taken for an account. One query."""
    return {"payments": payments_of(access.account)[:_LISTED], "link": access.link}


@register.inclusion_tag("cabinet/payments/timeline.html")
def payment_timeline(payment: Payment) -> dict[str, Any]:
    """Show «Где мои деньги» of a payment."""
    return {"steps": timeline_of(payment)}
