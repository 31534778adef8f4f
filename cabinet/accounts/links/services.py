"""Links of persons to accounts: made by a proof, and proved again for another surname (surnames.py)."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.delegates.services import delegations_end_own, link_by_delegate
from cabinet.accounts.links.disputes import other_holders
from cabinet.accounts.links.ending import was_ended_by_operator
from cabinet.accounts.locks import account_hold, links_hold
from cabinet.accounts.lookup import AccountNotFound, LookupClient
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import BY_OPERATOR, proof_accusative, proof_of
from cabinet.accounts.proving import account_prove
from cabinet.accounts.surnames import (
    former_surnames_forget,
    surname_changes_handle,
    surname_hash,
)
from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.notify import subscriber_notify
from cms_pages.selectors import company_phone
from portal.formats.places import address_in_town
from portal.http.addresses import RequestOrigin
from tenants.models import GasCompany
from tenants.schemas import in_company


class AlreadyLinked(Exception):
    """The person has this account already."""


class OperatorNeeded(Exception):
    """The answer was right, but proves nothing here: an operator decides, by an application.

    `reason`: "delegate" for a person who was a delegate of the account within a year, "ended" for one whose
    link an operator has ended within a year.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AccountClosed(Exception):
    """The account was closed by the company."""


def account_link(
    *,
    subscriber: Subscriber,
    company: GasCompany,
    region: str,
    account_number: str,
    initials: str,
    proof_code: str,
    proof_answer: str,
    client: LookupClient,
    consent: Document | None = None,
    origin: RequestOrigin | None = None,
) -> AccountLink:
    """Give the person this account of any company, for an answer that only its holder knows.

    `consent`: the company's document that was agreed to for this, if it had to be; stored with the link.
    The other holders of the account get a letter. Raises what `account_prove` raises, AccountClosed,
    AlreadyLinked and OperatorNeeded.
    """
    with in_company(company):
        account = linkable_account(
            subscriber=subscriber,
            company=company,
            account_number=account_number,
            initials=initials,
            proof_code=proof_code,
            proof_answer=proof_answer,
            client=client,
        )
        with transaction.atomic():
            link = link_make(subscriber, company, region, account, proof_code)
            if consent and origin:
                consents_give(
                    subscriber=subscriber,
                    documents=[consent],
                    company=company,
                    origin=origin,
                )
        return link


def linkable_account(
    *,
    subscriber: Subscriber,
    company: GasCompany,
    account_number: str,
    initials: str,
    proof_code: str,
    proof_answer: str,
    client: LookupClient,
) -> PersonalAccount:
    """Return the account if this person may link it by this answer; no link is made.

    The company's schema is entered. Raises what `account_link` does.
    """
    proof = proof_of(company.kind, proof_code)
    account = account_prove(
        company=company,
        account_number=account_number,
        initials=initials,
        proof=proof,
        answer=proof_answer,
        subscriber=subscriber,
        client=client,
    )
    if account.closed_on:
        raise AccountClosed
    number = account.account_number
    if subscriber.account_links.holders_of(company, number).exists():
        raise AlreadyLinked
    if link_by_delegate(subscriber=subscriber, company=company, number=number):
        raise OperatorNeeded("delegate")
    if was_ended_by_operator(subscriber, number):
        raise OperatorNeeded("ended")
    return account


def link_confirm(
    *,
    link: AccountLink,
    company: GasCompany,
    initials: str,
    proof_code: str,
    proof_answer: str,
    client: LookupClient,
) -> None:
    """Confirm a link of an account that has another surname now, for the same answers as a new one.

    The company's schema is entered. Raises what `account_prove` raises, AccountClosed and
    OperatorNeeded.
    """
    proof = proof_of(company.kind, proof_code)
    account = account_prove(
        company=company,
        account_number=link.account_number,
        initials=initials,
        proof=proof,
        answer=proof_answer,
        subscriber=link.subscriber,
        client=client,
    )
    if account.closed_on:
        raise AccountClosed
    if link_by_delegate(subscriber=link.subscriber, company=company, number=link.account_number):
        raise OperatorNeeded("delegate")
    link_prove(link, company, account, proof_code)


@transaction.atomic
def link_prove(
    link: AccountLink, company: GasCompany, account: PersonalAccount, proof_code: str
) -> None:
    """Note that the account behind a link was proved now; a delegate's becomes a holder's, who are told.

    Raises AccountNotFound when billing is changing the surname, or the link has ended meanwhile.
    """
    proved = _surname_proved(company, account)
    surname_changes_handle(company, account_number=link.account_number)
    held = links_hold(company, link.account_number).get(link.pk)
    if held is None:
        raise AccountNotFound
    AccountLink.objects.filter(pk=link.pk).update(
        unconfirmed_since=None,
        confirmed_at=timezone.now(),
        proof=proof_code,
        surname_hash=proved,
        former_surname_hash=F("surname_hash"),
        delegation=None,
    )
    former_surnames_forget(link, company, proved)
    if held.delegation_id:
        held.proof = proof_code
        delegations_end_own(subscriber=link.subscriber, company=company, number=link.account_number)
        _holders_notify(held, company)


def link_rename(*, link: AccountLink, label: str) -> None:
    """Remember what the person calls the account, in the menu and in lists; empty for nothing."""
    AccountLink.objects.filter(pk=link.pk).update(label=label)


def _surname_proved(company: GasCompany, account: PersonalAccount) -> str:
    """Hold the account, and return the hash of the surname for which it was just proved.

    Raises AccountNotFound when billing has changed it in between.
    """
    proved = surname_hash(company, account)
    if surname_hash(company, account_hold(account)) != proved:
        raise AccountNotFound
    return proved


@transaction.atomic
def link_make(
    subscriber: Subscriber,
    company: GasCompany,
    region: str,
    account: PersonalAccount,
    proof_code: str,
) -> AccountLink:
    """Give the person the account, which was proved, and tell its other holders.

    The company's schema is entered. Raises AlreadyLinked, and AccountNotFound when billing is changing the
    surname.
    """
    proved = _surname_proved(company, account)
    try:
        with transaction.atomic():
            link = AccountLink.objects.create(
                subscriber=subscriber,
                company=company,
                region=region,
                account_number=account.account_number,
                place=address_in_town(account.address),
                proof=proof_code,
                surname_hash=proved,
            )
    except IntegrityError as error:
        raise AlreadyLinked from error
    former_surnames_forget(link, company, proved)
    _holders_notify(link, company)
    return link


def _holders_notify(link: AccountLink, company: GasCompany) -> None:
    """Tell the other holders of the account that one more person has it."""
    for holder in other_holders(link).select_related("subscriber").order_by("subscriber_id"):
        subscriber_notify(
            subscriber=holder.subscriber,
            kind="account_linked_by_other",
            account_number=link.account_number,
            context={
                "company_name": company.name,
                "account_number": link.account_number,
                "proof": proof_accusative(link.proof),
                "by_operator": link.proof == BY_OPERATOR,
                "phone": company_phone(),
                "url": f"{company.url}{reverse('accounts:dispute', args=[holder.pk])}",
            },
        )
