"""How a person shows that an account is theirs; apps above register what they can check."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from cabinet.accounts.models import PersonalAccount

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

    `answers` returns, in the company's schema, the answers that are accepted for an account, in the form to
    which `read` brings what is typed. Only those that take WIDE_ENOUGH guesses; none where the account cannot
    be proved this way. `tests/cabinet/test_guessing.py` guesses at every registered proof.
    """

    code: str
    field: str
    label: str
    hint: str
    kinds: frozenset[str]
    read: Callable[[str], str]
    answers: Callable[[PersonalAccount], Collection[str]]
    careful: CarefulQuestion | None = None


_proofs: dict[str, Proof] = {}


def proof_register(proof: Proof) -> None:
    _proofs[proof.code] = proof


def proofs_for(kind: str) -> list[Proof]:
    return [proof for proof in _proofs.values() if kind in proof.kinds]


def careful_questions(kind: str) -> list[CarefulQuestion]:
    return [proof.careful for proof in proofs_for(kind) if proof.careful]


def careful_question(kind: str, account: PersonalAccount | None) -> CarefulQuestion | None:
    """Return the first question that the account has an answer to.

    For an unknown number the first of its kind: a guesser is not told that there is no such account.
    """
    questions = careful_questions(kind)
    return next((one for one in questions if account is None or one.is_for(account)), None)


def proof_label(code: str) -> str:
    """Return in words by what an account was proved; the code of a proof that is no more."""
    proof = _proofs.get(code)
    return proof.label if proof else code
