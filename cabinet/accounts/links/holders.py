"""The links of an account as operators see them: contacts masked, proofs in words."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from cabinet.accounts.proofs import proof_label
from cabinet.subscribers.contacts import contact_masked
from cabinet.subscribers.models import AccountLink, Delegation, Subscriber
from tenants.models import GasCompany


@dataclass(frozen=True)
class ShownLink:
    """A link, and what an operator is shown of its person."""

    link: AccountLink
    contact: str
    proof: str
    delegate_until: object = None

    @property
    def is_delegate(self) -> bool:
        return self.link.delegation_id is not None


def links_shown(company: GasCompany, account_number: str) -> list[ShownLink]:
    """Return all links of an account: holders oldest first, then delegates."""
    links = AccountLink.objects.of_account(company, account_number)
    ordered = links.select_related("subscriber", "delegation").order_by(
        F("delegation").asc(nulls_first=True), "created_at", "pk"
    )
    return [
        ShownLink(
            link,
            person_masked(link.subscriber),
            _delegate(link.delegation) if link.delegation else proof_label(link.proof),
            link.delegation.ends_on if link.delegation else None,
        )
        for link in ordered
    ]


def _delegate(delegation: Delegation) -> str:
    right = Delegation.Right(delegation.right).label
    return _("доверенное лицо, может %(right)s") % {"right": right}


def person_masked(subscriber: Subscriber | None) -> str:
    """Return a person's contacts in the short form that only they recognise."""
    if subscriber is None:
        return _("личный кабинет удалён")
    contacts = filter(None, [subscriber.email, subscriber.phone])
    return ", ".join(map(contact_masked, contacts))
