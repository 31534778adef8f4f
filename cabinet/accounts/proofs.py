"""How a person shows that an account is theirs; apps above register what they can check."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.accounts.models import LastSurnameChange, PersonalAccount, SurnameChange

# Of a link that an operator has given: no answer of the person's proves it.
BY_OPERATOR = "operator"
# Of a delegate, who proves nothing.
BY_INVITATION = "delegate"
# So many guesses what a proof hides must take from somebody who has seen all that guests see.
WIDE_ENOUGH = 10_000


@dataclass(frozen=True)
class CarefulQuestion:
    """One more question of guest pages, put when an account is being guessed at.

    `read` brings what was typed to its normal form, or raises ValueError in Russian. `is_for` says whether
    the account has an answer: a question without one would shut its owner out. Wrong answers are not
    refused, so `check` must compare nothing that guest pages do not show.
    """

    field: str
    label: str
    hint: str
    read: Callable[[str], str]
    check: Callable[[PersonalAccount, str], bool]
    is_for: Callable[[PersonalAccount], bool]


@dataclass(frozen=True)
class Proof:
    """A question whose answer only the holder knows.

    `read` brings what is typed to the form of an answer, and an answer to itself, or raises ValueError in
    Russian. `find` returns, in the company's schema, the answers that are accepted for an account: only those
    that take WIDE_ENOUGH guesses, and that the owner before the given day cannot know. None where the account
    cannot be proved this way. `accusative` is for sentences: «проверьте номер счётчика». `order`: proofs are
    offered from the lowest on. `tests/cabinet/test_guessing.py` guesses at every registered proof.
    """

    code: str
    field: str
    label: str
    hint: str
    accusative: str
    kinds: frozenset[str]
    read: Callable[[str], str]
    find: Callable[[PersonalAccount, datetime.date | None], Collection[str]]
    order: int
    inputmode: str = "text"
    careful: CarefulQuestion | None = None

    def answers(self, account: PersonalAccount) -> Collection[str]:
        """Return the answers that are accepted for the account today."""
        return self.find(account, former_owner_until(account))


_proofs: dict[str, Proof] = {}


def proof_register(proof: Proof) -> None:
    _proofs[proof.code] = proof


def proofs_for(kind: str) -> list[Proof]:
    """Return the proofs of a kind of company in the order in which they are offered."""
    fitting = [proof for proof in _proofs.values() if kind in proof.kinds]
    return sorted(fitting, key=lambda proof: proof.order)


def proof_of(kind: str, code: str) -> Proof:
    """Return a proof of a kind of company. Raises LookupError for any other code."""
    found = _proofs[code]
    if kind not in found.kinds:
        raise KeyError(code)
    return found


def proofs_offered(kind: str, account: PersonalAccount) -> list[Proof]:
    """Return the proofs that have an answer for the account. For who has shown right initials."""
    return [proof for proof in proofs_for(kind) if proof.answers(account)]


def former_owner_until(account: PersonalAccount) -> datetime.date | None:
    """Return the company's day on which billing gave the account another surname; None if it never did.

    What the account's papers said until then, somebody else has read.
    """
    number = account.account_number
    moments = [
        model.objects.filter(account_number=number).order_by("-changed_at").first()
        for model in (SurnameChange, LastSurnameChange)
    ]
    days = [timezone.localdate(one.changed_at) for one in moments if one]
    return max(days, default=None)


def careful_questions(kind: str) -> list[CarefulQuestion]:
    return [proof.careful for proof in proofs_for(kind) if proof.careful]


def careful_question(kind: str, account: PersonalAccount | None) -> CarefulQuestion | None:
    """Return the first question that the account has an answer to.

    For an unknown number the first of its kind: a guesser is not told that there is no such account.
    """
    questions = careful_questions(kind)
    return next((one for one in questions if account is None or one.is_for(account)), None)


def proof_accusative(code: str) -> str:
    """Return what was answered, for «Он указал номер счёта и …»; the code of a proof that is no more."""
    proof = _proofs.get(code)
    return proof.accusative if proof else code


def proof_label(code: str) -> str:
    """Return in words by what an account was proved; the code of a proof that is no more."""
    if code == BY_OPERATOR:
        return str(_("Оператор"))
    if code == BY_INVITATION:
        return str(_("Приглашение владельца"))
    proof = _proofs.get(code)
    return proof.label if proof else code
