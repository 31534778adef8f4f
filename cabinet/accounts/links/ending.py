"""Ending of links: by the person, by an operator, and together with what a link hangs on."""

import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.locks import links_hold
from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.notify import subscriber_notify
from cabinet.subscribers.personal_data.parts import account_unlinked
from cabinet.subscribers.sessions import subscriber_lock
from cms_pages.selectors import company_phone
from portal.audit.models import AuditEntry
from portal.audit.services import audit_write
from portal.staff.models import StaffUser
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

# Sent with `link` and `by` (EndedBy) before the link's row is deleted, in the same transaction and the
# company's schema. A receiver ends what hangs on the link, or raises LinkHeld.
link_ended = Signal()
ENDED = "link.end"
# Within this time after an operator has ended a person's link, only an operator gives it back.
REMEMBERED = datetime.timedelta(days=366)


class EndedBy(TextChoices):
    """Who has ended a link."""

    PERSON = "person"
    OPERATOR = "operator"
    OWNER_LINK = "owner_link"  # of a delegate's: it ends with the holder's


class CompanyClosed(Exception):
    """The company's site is closed, or its schema is behind: nothing can be changed there now."""


class LinkHeld(Exception):
    """What is under way keeps the link for now, such as a payment; `text` says it to the person."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def link_end(*, link: AccountLink) -> bool:
    """Take an account out of its person's cabinet, with all that hangs on the link, or nothing of it.

    Returns False when it was out already. Raises CompanyClosed, and LinkHeld.
    """
    if not company_can_serve(link.company):
        raise CompanyClosed
    with in_company(link.company), transaction.atomic():
        locked = _lock(link)
        if locked is None:
            return False
        link_drop(locked, by=EndedBy.PERSON)
    return True


def link_end_by_operator(*, link: AccountLink, operator: StaffUser, reason: str) -> bool:
    """End a wrong link: `reason` goes to the audit log, and into a letter to the person.

    Returns False when it was gone already. Raises CompanyClosed, and LinkHeld.
    """
    company = link.company
    if not company_can_serve(company):
        raise CompanyClosed
    with in_company(company), transaction.atomic():
        locked = _lock(link)
        if locked is None:
            return False
        link_drop(locked, by=EndedBy.OPERATOR)
        audit_write(
            actor=operator,
            action=ENDED,
            subject=link.account_number,
            details={
                "subscriber": str(link.subscriber_id),
                "proof": link.proof,
                "reason": reason,
            },
        )
        subscriber_notify(
            subscriber=locked.subscriber,
            kind="account_link_ended",
            account_number=link.account_number,
            context={
                "company_name": company.name,
                "account_number": link.account_number,
                "is_delegate": link.delegation_id is not None,
                "reason": reason,
                "phone": company_phone(),
                "url": f"{company.url}{reverse('accounts:apply')}",
            },
        )
    return True


def was_ended_by_operator(person: Subscriber, account_number: str) -> bool:
    """Return whether an operator has ended this person's link of an account within a year.

    What proved it then would prove it again. The company's schema is entered.
    """
    ended = AuditEntry.objects.filter(action=ENDED, subject=account_number)
    recent = ended.filter(at__gt=timezone.now() - REMEMBERED)
    return recent.filter(details__subscriber=str(person.pk)).exists()


def link_drop(link: AccountLink, *, by: EndedBy) -> None:
    """Delete a link and what hangs on it, in the caller's transaction.

    The company's schema is entered; the link is locked, as `link_end` does for all links of an account.
    Raises LinkHeld.
    """
    account_unlinked(link)
    link_ended.send(AccountLink, link=link, by=by)
    AccountLink.objects.filter(pk=link.pk).delete()


def _lock(link: AccountLink) -> AccountLink | None:
    """Lock person, account and all links of the account, and return the link as it is now; None if gone.

    Delegates' links are among them.
    """
    subscriber_lock(link.subscriber_id)
    accounts = PersonalAccount.objects.select_for_update(no_key=True)
    accounts.filter(account_number=link.account_number).first()
    return links_hold(link.company, link.account_number).get(link.pk)
