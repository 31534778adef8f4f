"""Who is it that logs in."""

from django.contrib.auth.hashers import check_password, make_password

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.sessions import new_secret


def subscriber_authenticate(*, contact: Contact, password: str) -> Subscriber | None:
    """The subscriber with this address or phone and password. Takes as long when there is none."""
    subscriber = Subscriber.objects.filter(**contact.lookup()).first()
    if subscriber is None:
        check_password(password, _timing_password())
        return None
    return subscriber if subscriber.check_password(password) else None


_timing: list[str] = []


def _timing_password() -> str:
    """A real hash of nothing that anybody knows, so that an unknown address costs as much time."""
    if not _timing:
        _timing.append(make_password(new_secret()))
    return _timing[0]
