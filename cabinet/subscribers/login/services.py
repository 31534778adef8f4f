"""Who is it that logs in."""

from django.contrib.auth.hashers import check_password, make_password

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.login.passes import login_pass_offer
from cabinet.subscribers.login.throttle import Guard, Visitor
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.recovery.passwords import temporary_password_take
from cabinet.subscribers.sessions import new_secret
from tenants.models import GasCompany


class LoginFailed(Exception):
    """Nobody has this address or telephone with this password."""


class LoginBlocked(Exception):
    """Too many wrong passwords of late; the password was not looked at."""


def subscriber_login(
    *, contact: Contact, password: str, visitor: Visitor, company: GasCompany
) -> Subscriber:
    """Who this is, if they may try at all. Raises LoginFailed or LoginBlocked.

    Whether the address is known shows neither in the answer nor in the work that is done for it.
    """
    subscriber = Subscriber.objects.filter(**contact.lookup()).first()
    guard = Guard(visitor, contact, subscriber)
    if guard.blocked():
        if guard.owner_should_be_told():
            login_pass_offer(subscriber=subscriber, contact=contact, company=company)
        raise LoginBlocked
    if subscriber is None:
        check_password(password, _timing_password())
    elif subscriber.check_password(password):
        return subscriber
    if temporary_password_take(subscriber, password) and subscriber is not None:
        subscriber.came_by_temporary_password = True
        return subscriber
    guard.failed()
    raise LoginFailed


_timing: list[str] = []


def _timing_password() -> str:
    """A real hash of nothing that anybody knows, so that an unknown address costs as much time."""
    if not _timing:
        _timing.append(make_password(new_secret()))
    return _timing[0]
