"""Figures of a company by which a person sees what a package would change."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Sum

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment, Charge
from cabinet.exchange.files.accounts import ACCOUNTS
from cabinet.exchange.files.charges import CHARGES
from cabinet.exchange.files.payments import PAYMENTS
from portal.formats.dates import month_after, month_name
from portal.formats.numbers import grouped, rubles


@dataclass(frozen=True)
class Figure:
    """A figure as people read it."""

    label: str
    value: str


def company_sums(files: Collection[str], day: datetime.date) -> list[Figure]:
    """Return figures that these files of a package change; sums of the month of the day and the one before.

    Always the same figures in the same order, so that those before and after stand beside each other.
    """
    found = []
    this = day.replace(day=1)
    months = (month_after(this, -1), this)
    if ACCOUNTS.name in files:
        accounts = PersonalAccount.objects.filter(closed_on=None).count()
        found.append(Figure("Открытых лицевых счетов", grouped(accounts)))
    for month in months if CHARGES.name in files else ():
        sums = Charge.objects.filter(period=month).aggregate(
            accrued=Sum("accrued", default=0), due=Sum("closing_balance", default=0)
        )
        said = month_name(month)
        found.append(Figure(f"Начислено за {said}", rubles(sums["accrued"])))
        found.append(Figure(f"Долг на конец месяца, {said}", rubles(sums["due"])))
    for month in months if PAYMENTS.name in files else ():
        paid = BillingPayment.objects.filter(paid_on__gte=month, paid_on__lt=month_after(month))
        total = paid.aggregate(total=Sum("amount", default=0))["total"]
        found.append(Figure(f"Оплачено за {month_name(month)}", rubles(total)))
    return found
