"""What the section «Центр обслуживания» says in the menu."""

from cabinet.appeals.models import Appeal
from cabinet.subscribers.models import AccountLink


def appeals_unread(link: AccountLink) -> int:
    """Return how many of the person's own appeals of an account have something unread."""
    own = Appeal.objects.filter(subscriber_id=link.subscriber_id, is_unread=True)
    return own.filter(account__account_number=link.account_number).count()
