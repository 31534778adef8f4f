"""Login by contact and password."""

from django.contrib.auth.hashers import check_password, make_password

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry.limits import LoginClient, LoginGuard
from cabinet.subscribers.entry.recovery import temporary_password_take
from cabinet.subscribers.entry.registration import registration_latest
from cabinet.subscribers.entry.unlock_links import unlock_link_offer
from cabinet.subscribers.models import PendingRegistration, Subscriber
from portal.secrets import new_secret
from tenants.models import GasCompany


class LoginFailed(Exception):
    """No subscriber has this contact with this password."""


class LoginUnconfirmed(Exception):
    """Contact and password are those of a registration that waits for its confirmation."""

    def __init__(self, pending: PendingRegistration) -> None:
        super().__init__(str(pending.pk))
        self.pending = pending


class LoginBlocked(Exception):
    """There were too many wrong passwords; this one was not checked."""


def subscriber_login(
    *, contact: Contact, password: str, client: LoginClient, company: GasCompany
) -> Subscriber:
    """Return the subscriber of a contact and password. Raises LoginFailed, LoginUnconfirmed or LoginBlocked.

    Neither the answer nor the work done for it tells whether the contact is known: a registration is looked
    at for a known one too, because anybody may begin it.
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
    pending = registration_latest(contact)
    if check_password(password, pending.password if pending else _timing_password()) and pending:
        raise LoginUnconfirmed(pending)
    guard.failed()
    raise LoginFailed


_timing: list[str] = []


def _timing_password() -> str:
    """Return the hash of an unknown secret, so that an unknown contact costs as much time."""
    if not _timing:
        _timing.append(make_password(new_secret()))
    return _timing[0]
