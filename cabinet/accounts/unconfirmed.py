"""A new owner: what becomes of links when billing gives an account another surname."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from cabinet.accounts.models import SurnameChange
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.telling import subscriber_tell
from tenants.models import GasCompany

BATCH = 200

Listener = Callable[[AccountLink], None]
_listeners: list[Listener] = []


def unconfirmed_listener_register(listener: Listener) -> None:
    """`listener` runs for each link that becomes unconfirmed, in the same transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def surname_changes_handle(company: GasCompany, *, account_number: str = "") -> int:
    """Mark the links of accounts whose surname billing has changed, and write to their holders.

    How many changes were handled: all that wait, or those of one account. The company's schema is
    entered. Every link that is there is marked, however new: nobody can tell whether it was proved
    before the package or after it. A kill at any line leaves the row, and the next run does it.
    """
    handled = 0
    while batch := _handle_some(company, account_number):
        handled += batch
    return handled


@transaction.atomic
def _handle_some(company: GasCompany, account_number: str) -> int:
    waiting = SurnameChange.objects.order_by("pk")
    if account_number:
        # The caller needs these done: it waits for another worker that has them in hand.
        changes = waiting.select_for_update().filter(account_number=account_number)
    else:
        changes = waiting.select_for_update(skip_locked=True)[:BATCH]
    taken = {change.pk: change.account_number for change in changes}
    links = AccountLink.objects.filter(
        company=company, account_number__in=taken.values(), unconfirmed_since=None
    ).prefetch_related("subscriber")
    for link in links.select_for_update().order_by("pk"):
        _unconfirm(link, company)
    SurnameChange.objects.filter(pk__in=taken).delete()
    return len(taken)


def _unconfirm(link: AccountLink, company: GasCompany) -> None:
    link.unconfirmed_since = timezone.now()
    link.save(update_fields=["unconfirmed_since"])
    for listener in _listeners:
        listener(link)
    subscriber_tell(
        subscriber=link.subscriber,
        kind="account_surname_changed",
        context={
            "company_name": company.name,
            "account_number": link.account_number,
            "url": f"{company.url}/cabinet/{link.pk}/confirm/",
        },
    )
