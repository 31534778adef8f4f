"""How a person shows that an account is theirs. Apps above register what they can check."""

from collections.abc import Callable
from dataclasses import dataclass

from cabinet.accounts.models import PersonalAccount

Check = Callable[[PersonalAccount, str], bool]


@dataclass(frozen=True)
class Proof:
    """A question whose answer only the holder knows; `check` runs in the company's schema."""

    code: str
    field: str
    label: str
    hint: str
    kinds: frozenset[str]
    check: Check


_proofs: dict[str, Proof] = {}
_careful: list[Check] = []


def proof_register(proof: Proof) -> None:
    _proofs[proof.code] = proof


def proofs_for(kind: str) -> list[Proof]:
    return [proof for proof in _proofs.values() if kind in proof.kinds]


def careful_check_register(check: Check) -> None:
    """The extra question of guest pages, asked for an account that is being guessed at."""
    _careful[:] = [check]


def careful_check(account: PersonalAccount, answer: str) -> bool:
    return all(check(account, answer) for check in _careful)


def proof_label(code: str) -> str:
    """By what an account was proved, in words; the code of a proof that is no more."""
    proof = _proofs.get(code)
    return proof.label if proof else code
