from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cabinet.accounts.access import access_account, link_touch
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot, way_to_write
from cabinet.layout.selectors import information_of
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.selectors import is_subscribed
from cms_pages.selectors import address_exists, service_centres_address


@subscriber_required
def information(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the account at a glance: what is owed and why, what is installed, whom to ask."""
    payment = f"/cabinet/{link_id}/payment/"
    # Rendered inside too: the sum due in the header is of the same state as the page's figures.
    with billing_snapshot():
        access = access_account(request, link_id)
        context = {
            "access": access,
            "information": information_of(access.account),
            "today": timezone.localdate(),
            "centres_address": service_centres_address(request),
            "payment_address": payment if address_exists(payment) else "",
            "way_to_write": way_to_write(request, access.link),
            "bills_offered": _bills_offered(request.subscriber.pk, access.account),
        }
        response = render(request, "cabinet/layout/information.html", context)
    link_touch(access.link)
    return response


def _bills_offered(subscriber_id: UUID, account: PersonalAccount) -> bool:
    """Return whether to offer bills by e-mail: to a person without them, for an open account."""
    return account.closed_on is None and not is_subscribed(
        subscriber_id, account, Subscription.Kind.BILL
    )
