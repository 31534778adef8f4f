"""Who has an account in the cabinet, whom they have invited, what waits for an operator, what was sent."""

from typing import Any

from cabinet.accounts.links.holders import links_shown
from cabinet.accounts.models import Application, LinkDispute, PersonalAccount
from cabinet.notifications.sent import messages_about
from cabinet.operators.sent.desk import rows_shown
from cabinet.subscribers.contacts import contact_masked
from cabinet.subscribers.models import Delegation
from tenants.models import GasCompany


def people_context(account: PersonalAccount, company: GasCompany) -> dict[str, Any]:
    """Return links, invitations, disputes and applications. Queries do not grow with them."""
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
    }


def messages_context(account: PersonalAccount, company: GasCompany) -> dict[str, Any]:
    """Return what was sent to the people of the account, and about it to anybody."""
    number = account.account_number
    persons = [one.link.subscriber_id for one in links_shown(company, number)]
    return {"rows": rows_shown(one.row for one in messages_about(number, persons))}
