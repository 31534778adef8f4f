"""Thirty wrong proofs at once: ten are looked at. One letter."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import caches
from django_tenants.utils import schema_context

from cabinet.accounts.links import services
from cabinet.accounts.lookup import AccountNotFound, LookupClient
from cabinet.accounts.proofs import proof_of, proof_register
from cabinet.accounts.proving import ProofsSpent
from cabinet.subscribers.models import AccountLink
from portal.messaging.models import Message
from tests.support.factories import make_account, make_link, make_subscriber
from tests.support.threads import in_threads


@pytest.fixture
def looked_at(own_db) -> Iterator[list[str]]:
    """The answers that were compared."""
    caches["shared"].clear()
    proof = proof_of("gas", "meter")
    found: list[str] = []

    def read(text: str) -> str:
        found.append(text)
        return proof.read(text)

    proof_register(dataclasses.replace(proof, read=read))
    yield found
    proof_register(proof)


def guess(subscriber, company, number: int, answer: str) -> Callable[[], None]:
    def work() -> None:
        services.account_link(
            subscriber=subscriber,
            company=company,
            region="Псковская область",
            account_number="805107",
            initials="ОЕГ",
            proof_code="meter",
            proof_answer=answer,
            client=LookupClient(f"{number:022}", f"192.0.2.{number}"),
        )

    return work


@pytest.mark.parametrize("persons", [1, 30])
def test_thirty_wrong_ones_at_once_are_ten(persons, pskov, owner, looked_at):
    with schema_context("pskov"):
        account = make_account()
    make_link(owner, pskov, account)
    guessers = [make_subscriber(f"g{n}@mail.ru") for n in range(persons)]
    errors = in_threads(*(guess(guessers[n % persons], pskov, n, f"9000{n:03}") for n in range(30)))
    kinds = [type(error) for error in errors]
    assert (kinds.count(AccountNotFound), kinds.count(ProofsSpent)) == (10, 20), kinds
    assert len(looked_at) == 10
    with schema_context("pskov"):
        assert Message.objects.filter(kind="account_proof_refused").count() == 1
    (error,) = in_threads(guess(guessers[0], pskov, 99, "07416852"))
    assert isinstance(error, ProofsSpent)
    assert AccountLink.objects.count() == 1


def test_right_ones_at_once_leave_the_limit_whole(pskov, owner, looked_at):
    with schema_context("pskov"):
        make_account()
    persons = [make_subscriber(f"g{n}@mail.ru") for n in range(8)]
    assert in_threads(*(guess(one, pskov, n, "07416852") for n, one in enumerate(persons))) == []
    for n in range(10):
        (error,) = in_threads(guess(owner, pskov, n, f"9000{n:03}"))
        assert isinstance(error, AccountNotFound)
