"""Links of persons to accounts: made by a proof, unconfirmed when billing changes the surname."""

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from cabinet.accounts.lookup import AccountNotFound, LookupClient
from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.accounts.proofs import proof_label, proofs_for
from cabinet.accounts.proving import account_prove
from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.notify import subscriber_notify
from portal.addresses import RequestOrigin
from tenants.models import GasCompany
from tenants.schemas import in_company

# Sent with `link` for each link that becomes unconfirmed, in the same transaction.
link_unconfirmed = Signal()
BATCH = 200


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
    client: LookupClient,
    consent: Document | None = None,
    origin: RequestOrigin | None = None,
) -> AccountLink:
    """Give the person this account of any company, for an answer that only its holder knows.

    `consent`: the company's document that was agreed to for this, if it had to be; stored with the link.
    The other holders of the account get a letter. Raises what `account_prove` raises, AccountClosed
    and AlreadyLinked.
    """
    proof = next(proof for proof in proofs_for(company.kind) if proof.code == proof_code)
    with in_company(company):
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
        with transaction.atomic():
            link = _link(subscriber, company, region, account, proof_code)
            if consent and origin:
                consents_give(
                    subscriber=subscriber,
                    documents=[consent],
                    company=company,
                    origin=origin,
                )
        return link


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

    The company's schema is entered. Raises what `account_prove` raises, and AccountClosed.
    """
    proof = next(proof for proof in proofs_for(company.kind) if proof.code == proof_code)
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
    with transaction.atomic():
        surname_changes_handle(company, account_number=link.account_number)
        still = PersonalAccount.objects.get(pk=account.pk)
        if still.last_name != account.last_name:  # changed once more in between
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
        subscriber_notify(
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


def surname_changes_handle(company: GasCompany, *, account_number: str = "") -> int:
    """Mark the links of accounts whose surname billing has changed, and write to their holders.

    Handles all changes that wait, or those of one account, and returns how many; the company's schema is
    entered. Every link of the account is marked, however new, because nothing says whether it was proved
    before the package or after it. A kill at any line leaves the row, and the next run repeats it.
    """
    handled = 0
    while batch := _handle_some(company, account_number):
        handled += batch
    return handled


@transaction.atomic
def _handle_some(company: GasCompany, account_number: str) -> int:
    waiting = SurnameChange.objects.order_by("pk")
    if account_number:
        # The caller needs these done: it waits for another worker that has them in hand.
        changes = waiting.select_for_update().filter(account_number=account_number)
    else:
        changes = waiting.select_for_update(skip_locked=True)[:BATCH]
    taken = {change.pk: change.account_number for change in changes}
    links = AccountLink.objects.filter(
        company=company, account_number__in=taken.values(), unconfirmed_since=None
    ).prefetch_related("subscriber")
    for link in links.select_for_update().order_by("pk"):
        _unconfirm(link, company)
    SurnameChange.objects.filter(pk__in=taken).delete()
    return len(taken)


def _unconfirm(link: AccountLink, company: GasCompany) -> None:
    link.unconfirmed_since = timezone.now()
    link.save(update_fields=["unconfirmed_since"])
    link_unconfirmed.send(AccountLink, link=link)
    subscriber_notify(
        subscriber=link.subscriber,
        kind="account_surname_changed",
        context={
            "company_name": company.name,
            "account_number": link.account_number,
            "url": f"{company.url}/cabinet/{link.pk}/confirm/",
        },
    )
