"""Who has an account in the cabinet, whom they have invited, what waits for an operator, what was sent."""

from typing import Any

from cabinet.accounts.links.holders import links_shown
from cabinet.accounts.models import Application, LinkDispute, PersonalAccount
from cabinet.notifications.sent import messages_about
from cabinet.subscribers.contacts import contact_masked
from cabinet.subscribers.models import Delegation
from tenants.models import GasCompany


def people_context(account: PersonalAccount, company: GasCompany) -> dict[str, Any]:
    """Return links, invitations, disputes, applications and messages. Queries do not grow with them."""
    number = account.account_number
    links = links_shown(company, number)
    invited = Delegation.objects.filter(
        company=company, account_number=number, accepted_at=None, ended_at=None
    )
    disputes = LinkDispute.objects.filter(account_number=number, closed_at=None)
    applications = Application.objects.filter(
        number_key=account.number_key, state=Application.State.WAITING
    )
    return {
        "links": links,
        "invitations": [
            (contact_masked(one.contact), one) for one in invited.order_by("created_at")
        ],
        "disputes": list(disputes.order_by("created_at")),
        "applications": list(applications.order_by("created_at")),
        "sent": messages_about(number, [one.link.subscriber_id for one in links]),
    }
