"""Disputes: a holder reports to operators that somebody else has the account, and gets an answer."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.models import LinkDispute
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.notify import subscriber_notify
from cms_pages.selectors import company_phone
from portal.audit.services import audit_write
from portal.staff.models import StaffUser
from tenants.models import GasCompany


class NotAHolder(Exception):
    """A delegate's link, or one that waits for a proof: it says nothing about others."""


class NobodyElse(Exception):
    """No one else has the account."""


class AlreadyDisputed(Exception):
    """The person's dispute of this account waits for an answer."""


class DisputeClosed(Exception):
    """The dispute has been answered by somebody else."""


def other_holders(link: AccountLink) -> QuerySet[AccountLink]:
    """Return the confirmed links of others to the same account."""
    links = AccountLink.objects.holders_of(link.company, link.account_number)
    return links.filter(unconfirmed_since=None).exclude(subscriber=link.subscriber_id)


def can_dispute(link: AccountLink) -> bool:
    return link.delegation_id is None and link.unconfirmed_since is None


def dispute_of(link: AccountLink) -> LinkDispute | None:
    """Return the person's latest dispute of the account, whose company's schema is entered."""
    mine = LinkDispute.objects.filter(subscriber_id=link.subscriber_id)
    return mine.filter(account_number=link.account_number).order_by("-created_at").first()


@transaction.atomic
def link_dispute(*, link: AccountLink, text: str) -> LinkDispute:
    """Report to operators that somebody else should not have this account. Its company's schema is entered.

    Raises NotAHolder, NobodyElse, and AlreadyDisputed.
    """
    locked = AccountLink.objects.select_for_update(no_key=True).filter(pk=link.pk).first()
    if locked is None or not can_dispute(locked):
        raise NotAHolder
    if not other_holders(locked).exists():
        raise NobodyElse
    try:
        with transaction.atomic():
            return LinkDispute.objects.create(
                account_number=locked.account_number, subscriber_id=locked.subscriber_id, text=text
            )
    except IntegrityError as error:
        raise AlreadyDisputed from error


@transaction.atomic
def dispute_close(
    *, dispute: LinkDispute, company: GasCompany, operator: StaffUser, answer: str
) -> None:
    """Answer a dispute, by letter and in the person's list of accounts. The company's schema is entered.

    Raises DisputeClosed when another operator was faster.
    """
    open_ones = LinkDispute.objects.select_for_update().filter(pk=dispute.pk, closed_at=None)
    locked = open_ones.first()
    if locked is None:
        raise DisputeClosed
    locked.closed_at, locked.answer = timezone.now(), answer
    locked.closed_by = operator.get_username()[:200]
    locked.save(update_fields=["closed_at", "closed_by", "answer"])
    audit_write(
        actor=operator,
        action="link.dispute.close",
        subject=locked.account_number,
        details={"dispute": locked.pk, "answer": answer},
    )
    person = Subscriber.objects.filter(pk=locked.subscriber_id).first()
    if person is None:
        return
    subscriber_notify(
        subscriber=person,
        kind="link_dispute_answered",
        account_number=locked.account_number,
        context={
            "company_name": company.name,
            "account_number": locked.account_number,
            "answer": answer,
            "phone": company_phone(),
            "url": f"{company.url}{reverse('accounts:manage')}",
        },
    )
