"""Issuing certificates, letting go of an unlinked account's, forgetting old ones."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.accounts.access import AccountAccess, account_of
from cabinet.accounts.links.ending import EndedBy
from cabinet.accounts.locks import AccessGone, access_hold
from cabinet.accounts.selectors import billing_snapshot
from cabinet.statements.certificates.codes import code_hash, new_code
from cabinet.statements.certificates.limits import IssueBudget
from cabinet.statements.certificates.text import CertificateText, certificate_texts
from cabinet.statements.models import Certificate, CertificateCount
from cabinet.subscribers.models import AccountLink

VALID = datetime.timedelta(days=30)
STORED = datetime.timedelta(days=60)  # after that, for the holder's list


class TooManyCertificates(Exception):
    """The person, or the account, has had as many today as one can need."""


def certificate_issue(
    *,
    access: AccountAccess,
    since: datetime.date | None,
    until: datetime.date | None,
    idempotency_key: UUID,
) -> Certificate:
    """Return the certificate of the key, issued now if there was none; a form that comes twice gets one.

    Raises TooManyCertificates, NothingCharged, AccessGone and CountersDown.
    """
    mine = certificates_of(access).filter(idempotency_key=idempotency_key)
    if found := mine.first():
        return found
    now = timezone.now()
    with billing_snapshot():
        account = account_of(access.link)
        if account is None:
            raise AccessGone
        paper, shown = certificate_texts(
            account, day=timezone.localdate(now), since=since, until=until
        )
    budget = IssueBudget(access.link.subscriber_id, account.pk)
    if not budget.spend():
        raise TooManyCertificates
    with transaction.atomic():
        access_hold(access)
        found = mine.first()  # the other click of a double one
        certificate = found or _create(access, (paper, shown), now, idempotency_key)
    if found:
        budget.refund()
    return certificate


def certificates_of(access: AccountAccess) -> QuerySet[Certificate]:
    """Return what this person was issued of the account, newest first: not a former owner's."""
    return Certificate.objects.filter(
        subscriber_id=access.link.subscriber_id, account=access.account, released_at=None
    ).order_by("-issued_at", "-number")


def certificates_release(certificates: QuerySet[Certificate]) -> None:
    """Drop paper and code of certificates; the check goes on with what it shows."""
    certificates.filter(released_at=None).update(content={}, code=None, released_at=timezone.now())


def certificates_withdraw(sender: Any, *, link: AccountLink, by: str, **_: Any) -> None:
    """Delete the certificates of a link that an operator ends as a wrong one (a signal's receiver)."""
    if by == EndedBy.OPERATOR:
        Certificate.objects.filter(
            subscriber_id=link.subscriber_id, account__account_number=link.account_number
        ).delete()


def certificates_forget() -> int:
    """Delete those that could not be checked for a while, and released ones at once; return how many."""
    now = timezone.now()
    old = Certificate.objects.filter(expires_at__lt=now - STORED)
    released = Certificate.objects.filter(expires_at__lt=now, released_at__isnull=False)
    return int(old.delete()[0] + released.delete()[0])


def _create(
    access: AccountAccess,
    texts: tuple[CertificateText, CertificateText],
    now: datetime.datetime,
    idempotency_key: UUID,
) -> Certificate:
    code, (paper, shown) = new_code(), texts
    return Certificate.objects.create(
        number=_next_number(paper.day.year),
        code=code,
        code_hash=code_hash(code),
        subscriber_id=access.link.subscriber_id,
        account=access.account,
        idempotency_key=idempotency_key,
        issued_at=now,
        expires_at=now + VALID,
        content=paper.to_json(),
        shown=shown.to_json(),
    )


def _next_number(year: int) -> str:
    """Return the company's next number of the year. The row is held until the commit: there are no gaps."""
    CertificateCount.objects.get_or_create(year=year)
    count = CertificateCount.objects.select_for_update().get(year=year)
    count.last += 1
    count.save(update_fields=["last"])
    return f"С-{count.last:06d}/{year}"
