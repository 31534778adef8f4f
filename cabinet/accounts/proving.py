"""Proving that an account is one's own: ten wrong answers a day, then none is looked at."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from limits import RateLimitItemPerDay

from cabinet.accounts.lookup import (
    Blocked,
    LookupClient,
    client_lockout,
    has_initials,
    lookup_missed,
    lookup_spend,
)
from cabinet.accounts.models import PersonalAccount, RefusedProof
from cabinet.accounts.proofs import Proof, proof_label, proofs_offered
from cabinet.accounts.selectors import account_named
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.notify import subscriber_notify
from cms_pages.selectors import company_phone
from portal.formats.text import number_key
from portal.limits import RateLimit
from tenants.models import GasCompany

# A proof is at least 10⁴ guesses wide (`proofs.WIDE_ENOUGH`): ten a day find it in years.
account_proofs = RateLimit("proof-account", RateLimitItemPerDay(10))
subscriber_proofs = RateLimit("proof-subscriber", RateLimitItemPerDay(10))


class ProofNotOffered(Exception):
    """Number and initials are right, but what this proof asks about the account can be guessed.

    `offered`: the proofs by which the account can be proved; perhaps none, then an operator has to.
    """

    def __init__(self, offered: list[Proof]) -> None:
        super().__init__([proof.code for proof in offered])
        self.offered = offered


class ProofsSpent(Blocked):
    """Ten wrong answers for the account or by the person: none is looked at."""


def account_prove(
    *,
    company: GasCompany,
    account_number: str,
    initials: str,
    proof: Proof,
    answer: str,
    subscriber: Subscriber,
    client: LookupClient,
) -> PersonalAccount:
    """Return the account of the company, whose schema is entered, for an answer that only its holder knows.

    Raises LookupBlocked, CountersDown and ProofsSpent before looking; AccountNotFound, counted, for all that
    may be wrong; ProofNotOffered, with the answer not looked at. A wrong answer to right number and initials
    is told to the holders. What is right costs nothing.
    """
    lookup_spend(client)
    # Spent before looking: neither a crash nor requests at once get an eleventh answer looked at. An unknown
    # number counts as any other.
    account_key = f"{company.schema_name}:{proof.code}:{number_key(account_number)}"
    _spend(subscriber_proofs, str(subscriber.pk))
    try:
        _spend(account_proofs, account_key)
    except ProofsSpent:
        subscriber_proofs.refund(str(subscriber.pk))
        raise
    account = account_named(account_number)
    if account is None or not has_initials(account, initials):
        raise lookup_missed(company, account_number, client)
    answers = proof.answers(account)
    if answers and not _is_among(answers, answer, proof):
        _holders_notify(company, account, proof, besides=subscriber)
        raise lookup_missed(company, account_number, client)
    account_proofs.refund(account_key)
    subscriber_proofs.refund(str(subscriber.pk))
    if not answers:
        raise ProofNotOffered(proofs_offered(company.kind, account))
    client_lockout.forgive(client.key)
    return account


def _is_among(answers: Collection[str], typed: str, proof: Proof) -> bool:
    try:
        return proof.read(typed) in answers
    except ValueError:
        return False


def _spend(limit: RateLimit, key: str) -> None:
    if not limit.spend(key):
        limit.refund(key)
        raise ProofsSpent(limit.seconds_left(key))


@transaction.atomic
def _holders_notify(
    company: GasCompany, account: PersonalAccount, proof: Proof, *, besides: Subscriber
) -> None:
    """Write to the confirmed holders of an account that somebody has failed to prove, once a day."""
    number, today = account.account_number, timezone.localdate()
    refused, is_first = RefusedProof.objects.get_or_create(
        account_number=number, defaults={"notified_on": today}
    )
    # The row is locked by its update, so that of two at once one writes.
    older = RefusedProof.objects.filter(pk=refused.pk, notified_on__lt=today)
    if not is_first and not older.update(notified_on=today):
        return
    links = AccountLink.objects.holders_of(company, number).filter(unconfirmed_since=None)
    holders = Subscriber.objects.filter(account_links__in=links).exclude(pk=besides.pk)
    context = {
        "company_name": company.name,
        "account_number": number,
        "proof": proof_label(proof.code).lower(),
        "phone": company_phone(),
        "url": company.url,
    }
    for holder in holders.order_by("pk"):
        subscriber_notify(
            subscriber=holder,
            kind="account_proof_refused",
            account_number=number,
            context=context,
        )
