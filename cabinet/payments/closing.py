"""What of payments is open while a company is to be archived or deleted: money would be lost with it."""

from django.utils.translation import gettext as _

from cabinet.payments.models import IN_FLIGHT, AutoPayment, Payment, Refund
from cabinet.payments.refunds.sums import UNENDED
from tenants.models import GasCompany
from tenants.schemas import has_table


def payments_open_said(company: GasCompany) -> str:
    """Return a sentence about what is open and what to do; empty where nothing is. Four queries."""
    if not has_table("payments_payment"):  # the schema is of before payments
        return ""
    payments = Payment.objects.filter(state__in=IN_FLIGHT).count()
    refunds = Refund.objects.filter(state__in=UNENDED).count()
    autopays = AutoPayment.objects.exclude(state=AutoPayment.State.OFF).count()
    found, todo = [], []
    if payments:
        found.append(_("платежи, исход которых неизвестен, — %(n)s") % {"n": payments})
    if refunds:
        found.append(_("незавершённые возвраты — %(n)s") % {"n": refunds})
    if payments or refunds:
        todo.append(_("Дождитесь их исхода: портал спрашивает о нём сам."))
    if autopays:
        found.append(_("включённые автоплатежи — %(n)s") % {"n": autopays})
        command = f"manage.py autopays_stop {company.schema_name}"
        todo.append(_("Автоплатежи выключает команда %(command)s.") % {"command": command})
    if not found:
        return ""
    return " ".join([_("У компании есть %(what)s.") % {"what": "; ".join(found)}, *todo])
