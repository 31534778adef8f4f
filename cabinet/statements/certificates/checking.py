"""The check of a certificate by a third party, who has nothing but its code."""

from django.utils import timezone

from cabinet.accounts.lookup import Blocked, LookupClient
from cabinet.statements.certificates.codes import code_hash, code_typed
from cabinet.statements.certificates.limits import code_missed, seconds_blocked
from cabinet.statements.models import Certificate


class CheckBlocked(Blocked):
    """Too many wrong codes: none is looked at."""


def assert_may_check(client: LookupClient) -> None:
    """Raise CheckBlocked, or CountersDown when Valkey does not answer."""
    if seconds := seconds_blocked(client):
        raise CheckBlocked(seconds)


def certificate_check(text: str, client: LookupClient) -> Certificate | None:
    """Return the certificate of a code, in the company that is entered; None counts against the visitor.

    One that has expired is as unknown as another company's. Raises CheckBlocked and CountersDown.
    """
    assert_may_check(client)
    code = code_typed(text)
    known = Certificate.objects.filter(expires_at__gt=timezone.now())
    found = known.filter(code_hash=code_hash(code)).first() if code else None
    if found is None:
        code_missed(client)
    return found
