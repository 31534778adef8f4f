from typing import Any

from django import template

from cabinet.accounts.access import AccountAccess
from cabinet.payments.autopay.selectors import autopay_view, has_autopay
from tenants.selectors import company_entered

register = template.Library()


@register.inclusion_tag("cabinet/payments/autopay/block.html")
def autopay_block(access: AccountAccess) -> dict[str, Any]:
    """Show the block «Автоплатёж» of the payment page; nothing at a fund and to delegates."""
    if not has_autopay(access, company_entered()):
        return {}
    return {"access": access, "autopay": autopay_view(access)}
