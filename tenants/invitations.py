"""How the first administrator of a company is invited. The app that knows invitations fills this in."""

from collections.abc import Callable

from tenants.models import GasCompany

# (company, e-mail): called in the company's schema, inside the provisioning transaction. It writes the
# letter into the outbox; the letter leaves when the company is committed.
Inviter = Callable[[GasCompany, str], None]
_inviter: Inviter | None = None


def inviter_register(inviter: Inviter | None) -> None:
    global _inviter
    _inviter = inviter


def can_invite() -> bool:
    return _inviter is not None


def administrator_invite(company: GasCompany, email: str) -> None:
    if _inviter is not None:
        _inviter(company, email)
