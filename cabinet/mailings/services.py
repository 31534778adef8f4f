"""The wish to get receipts by e-mail (manual 1, 2.1.5.2; manual 2, 3.8.4)."""

from uuid import UUID

from cabinet.accounts.models import PersonalAccount
from cabinet.mailings.models import ReceiptSubscription
from cabinet.subscribers.models import Subscriber


class AddressMissing(Exception):
    """The person has only a telephone."""


class AccountClosed(Exception):
    """There will be no more receipts of this account."""


def receipts_subscribe(*, subscriber: Subscriber, account: PersonalAccount) -> ReceiptSubscription:
    """Asking twice is asking once, since the first time. Raises AddressMissing, AccountClosed."""
    if not subscriber.email:
        raise AddressMissing
    if account.closed_on:
        raise AccountClosed
    wish, _ = ReceiptSubscription.objects.get_or_create(
        subscriber_id=subscriber.pk, account=account
    )
    return wish


def receipts_unsubscribe(*, subscriber_id: UUID, account: PersonalAccount) -> None:
    ReceiptSubscription.objects.filter(subscriber_id=subscriber_id, account=account).delete()
