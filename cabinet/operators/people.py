"""Who has an account in the cabinet, by which proof; whom they have let in; what waits for an operator."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cabinet.accounts.models import Application, LinkDispute, PersonalAccount
from cabinet.accounts.proofs import proof_label
from cabinet.operators.sent_messages import messages_to
from cabinet.subscribers.contacts import Contact, contact_masked
from cabinet.subscribers.models import AccountLink, Delegation
from tenants.models import GasCompany


@dataclass(frozen=True)
class Holder:
    """A link as an operator sees it: the contact masked as in letters. `right` of a delegate only."""

    link: AccountLink
    contact: str
    proof: str
    right: str = ""
    ends_on: datetime.date | None = None


def people_context(account: PersonalAccount, company: GasCompany) -> dict[str, Any]:
    """Return links, invitations, disputes, applications and messages. Queries do not grow with them."""
    holders = [holder_of(link) for link in links_of(account, company).order_by("created_at")]
    invited = Delegation.objects.filter(
        company=company, account_number=account.account_number, accepted_at=None, ended_at=None
    )
    return {
        "holders": [one for one in holders if not one.right],
        "delegates": [one for one in holders if one.right],
        "invitations": [
            (contact_masked(one.contact), one) for one in invited.order_by("created_at")
        ],
        "disputes": list(
            LinkDispute.objects.filter(
                account_number=account.account_number, closed_at=None
            ).order_by("created_at")
        ),
        "applications": list(
            Application.objects.filter(
                number_key=account.number_key, state=Application.State.WAITING
            ).order_by("created_at")
        ),
        "sent": messages_to([one.link.subscriber_id for one in holders]),
    }


def links_of(account: PersonalAccount, company: GasCompany) -> QuerySet[AccountLink]:
    """Return the links of the account, holders' and delegates'."""
    links = AccountLink.objects.filter(company=company, account_number=account.account_number)
    return links.select_related("company", "subscriber", "delegation")


def holder_of(link: AccountLink) -> Holder:
    delegation = link.delegation
    return Holder(
        link=link,
        contact=contact_masked(Contact.of(link.subscriber).value),
        proof=proof_label(link.proof),
        right=str(Delegation.Right(delegation.right).label) if delegation else "",
        ends_on=delegation.ends_on if delegation else None,
    )
