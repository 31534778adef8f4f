from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.accounts.lookup import AccountNotFound, Visitor, account_find
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import proof_label, proofs_for
from cabinet.accounts.unconfirmed import surname_changes_handle
from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.telling import subscriber_tell
from tenants.models import GasCompany
from tenants.schemas import in_company


@dataclass(frozen=True)
class ConsentPlace:
    """Where a consent was given: on which site, from which IP address."""

    host: str
    address: str


class AlreadyLinked(Exception):
    """The person has this account already."""


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
    visitor: Visitor,
    consent: Document | None = None,
    place: ConsentPlace | None = None,
) -> AccountLink:
    """Give the person this account of any company, for an answer that only its holder knows.

    `consent`: the company's document that was agreed to for this, if it had to be; written down with the
    link. Raises what `account_find` raises, AccountClosed, AlreadyLinked. The holders who are there already
    are told of the new link.
    """
    proof = next(proof for proof in proofs_for(company.kind) if proof.code == proof_code)
    with in_company(company):
        account = account_find(
            company=company,
            account_number=account_number,
            initials=initials,
            careful_answer=proof_answer,  # a proof is more than the careful question asks for
            visitor=visitor,
            proof=lambda found: proof.check(found, proof_answer),
        )
        if account.closed_on:
            raise AccountClosed
        with transaction.atomic():
            link = _link(subscriber, company, region, account, proof_code)
            if consent and place:
                consents_give(
                    subscriber=subscriber,
                    documents=[consent],
                    company=company,
                    host=place.host,
                    address=place.address,
                )
        return link


def link_confirm(
    *,
    link: AccountLink,
    company: GasCompany,
    initials: str,
    proof_code: str,
    proof_answer: str,
    visitor: Visitor,
) -> None:
    """Confirm a link of an account that has another surname now, for the same answers as a new one.

    The company's schema is entered. Raises what `account_find` raises, AccountClosed.
    """
    proof = next(proof for proof in proofs_for(company.kind) if proof.code == proof_code)
    account = account_find(
        company=company,
        account_number=link.account_number,
        initials=initials,
        careful_answer=proof_answer,
        visitor=visitor,
        proof=lambda found: proof.check(found, proof_answer),
    )
    if account.closed_on:
        raise AccountClosed
    with transaction.atomic():
        surname_changes_handle(company, account_number=link.account_number)
        still = PersonalAccount.objects.get(pk=account.pk)
        if still.last_name != account.last_name:  # changed once more while we were asking
            raise AccountNotFound
        AccountLink.objects.filter(pk=link.pk).update(
            unconfirmed_since=None, confirmed_at=timezone.now(), proof=proof_code
        )


@transaction.atomic
def _link(
    subscriber: Subscriber,
    company: GasCompany,
    region: str,
    account: PersonalAccount,
    proof_code: str,
) -> AccountLink:
    holders = Subscriber.objects.filter(
        account_links__company=company, account_links__account_number=account.account_number
    ).exclude(pk=subscriber.pk)
    try:
        with transaction.atomic():
            link = AccountLink.objects.create(
                subscriber=subscriber,
                company=company,
                region=region,
                account_number=account.account_number,
                proof=proof_code,
            )
    except IntegrityError as error:
        raise AlreadyLinked from error
    for holder in holders:
        subscriber_tell(
            subscriber=holder,
            kind="account_linked_by_other",
            context={
                "company_name": company.name,
                "account_number": account.account_number,
                "proof": proof_label(proof_code).lower(),
                "url": company.url,
            },
        )
    return link
