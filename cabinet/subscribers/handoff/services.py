"""Hand-off of a login to another company's host, which does not know the browser (tenants.handoff)."""

from django.db import transaction

from cabinet.subscribers.models import AccountLink, SubscriberHandOff, SubscriberSession
from cabinet.subscribers.sessions import subscriber_lock
from tenants import handoff


class HandOffRefused(Exception):
    """The token is used up, too old, or of another browser or host, or its session has ended."""


@transaction.atomic
def handoff_issue(
    *, session: SubscriberSession, link: AccountLink, host: str, nonce_hash: str
) -> str:
    """Return a token for one entry at `host` (in normal form) by the browser that the host has marked.

    Raises HandOffRefused when the session has just been ended.
    """
    subscriber_lock(session.subscriber_id)
    if not SubscriberSession.objects.filter(pk=session.pk).exists():
        raise HandOffRefused
    return handoff.token_write(
        SubscriberHandOff, nonce_hash=nonce_hash, session=session, link=link, host=host
    )


def handoff_take(*, token: str, nonce: str, host: str) -> SubscriberHandOff:
    """Use a token up in the caller's transaction, which also begins the session.

    Takes the person's lock: a change of the password comes before and has ended the token, or after and
    ends the new session. Raises HandOffRefused.
    """
    wanted = handoff.token_condition(token=token, nonce=nonce)
    waiting = SubscriberHandOff.objects.filter(**wanted, host=host)
    found = waiting.select_related("session__subscriber", "link").first()
    if found is None:
        raise HandOffRefused
    subscriber = subscriber_lock(found.session.subscriber_id)
    used, _ = SubscriberHandOff.objects.filter(pk=found.pk).delete()
    if subscriber is None or not used:
        raise HandOffRefused
    found.session.subscriber = subscriber
    return found
