"""Login by contact and password."""

from django.contrib.auth.hashers import check_password, make_password

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry.limits import LoginClient, LoginGuard
from cabinet.subscribers.entry.recovery import temporary_password_take
from cabinet.subscribers.entry.unlock_links import unlock_link_offer
from cabinet.subscribers.models import Subscriber
from portal.secrets import new_secret
from tenants.models import GasCompany


class LoginFailed(Exception):
    """No subscriber has this contact with this password."""


class LoginBlocked(Exception):
    """There were too many wrong passwords; this one was not checked."""


def subscriber_login(
    *, contact: Contact, password: str, client: LoginClient, company: GasCompany
) -> Subscriber:
    """Return the subscriber of a contact and password. Raises LoginFailed or LoginBlocked.

    Neither the answer nor the work done for it tells whether the contact is known.
    """
    subscriber = Subscriber.objects.filter(**contact.lookup()).first()
    guard = LoginGuard(client, contact, subscriber)
    if guard.blocked():
        if guard.owner_should_be_notified():
            unlock_link_offer(subscriber=subscriber, contact=contact, company=company)
        raise LoginBlocked
    if subscriber is None:
        check_password(password, _timing_password())
    elif subscriber.check_password(password):
        return subscriber
    taken = temporary_password_take(subscriber, password)
    if taken and subscriber is not None:
        subscriber.recovering_by = taken.sent_to
        return subscriber
    guard.failed()
    raise LoginFailed


_timing: list[str] = []


def _timing_password() -> str:
    """Return the hash of an unknown secret, so that an unknown contact costs as much time."""
    if not _timing:
        _timing.append(make_password(new_secret()))
    return _timing[0]
