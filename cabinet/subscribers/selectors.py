from django.db.models import F

from cabinet.subscribers.models import AccountLink, Subscriber
from tenants.models import GasCompany


def last_used_link(
    subscriber: Subscriber, company: GasCompany, *, own: bool = False
) -> AccountLink | None:
    """Return the account that the person opened last in this company, or the newest one.

    `own`: not one in which the person is a delegate.
    """
    links = subscriber.account_links.in_force().filter(company=company)
    if own:
        links = links.holders()
    # NULLS LAST: PostgreSQL puts an account that was never opened first.
    return links.order_by(F("last_used_at").desc(nulls_last=True), "-created_at").first()


def subscribers_linked(company: GasCompany) -> int:
    """Count the people who have an account of the company in their cabinet."""
    links = AccountLink.objects.holders().filter(company=company)
    return links.values("subscriber").distinct().count()
