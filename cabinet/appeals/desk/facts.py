"""What lies beside an appeal: the account's figures, and what else was asked."""

from dataclasses import dataclass, field

from django.db.models import Q

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.appeals.models import Appeal
from cabinet.billing.history.payments import PaymentRow, account_payments
from cabinet.billing.selectors import Balance, account_balance
from cabinet.meters.models import Meter, Reading
from cabinet.meters.selectors import last_readings, meters_in_use

PAYMENTS, APPEALS = 3, 5


@dataclass(frozen=True)
class AccountFacts:
    """Figures of an account, of one state of the database; the meters with their last readings."""

    balance: Balance
    payments: list[PaymentRow]
    meters: list[tuple[Meter, Reading | None]] = field(default_factory=list)


def account_facts(account: PersonalAccount) -> AccountFacts:
    """Return the figures by the selectors of the cabinet's own pages; their queries do not grow."""
    with billing_snapshot():
        meters = meters_in_use(account)
        newest = last_readings(meters)
        return AccountFacts(
            balance=account_balance(account),
            payments=account_payments(account)[:PAYMENTS],
            meters=[(meter, newest.get(meter.pk)) for meter in meters],
        )


def other_appeals(appeal: Appeal) -> list[Appeal]:
    """Return the newest other appeals about the account or of the person."""
    same = Q(account=appeal.account_id) if appeal.account_id else Q()
    if appeal.subscriber_id:
        same |= Q(subscriber_id=appeal.subscriber_id)
    elif appeal.email:
        same |= Q(email__iexact=appeal.email, subscriber_id=None)
    if not same:
        return []
    return list(Appeal.objects.filter(same).exclude(pk=appeal.pk).order_by("-pk")[:APPEALS])
