from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cabinet.accounts.access import access_account, link_touch
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.snapshot import billing_snapshot
from cabinet.accounts.writing import way_to_write
from cabinet.layout.selectors import information_of
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.selectors import is_subscribed
from cms_pages.selectors import address_exists, service_centres_address


@subscriber_required
def information(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """The account at a glance: what is owed and why, what is installed, whom to ask."""
    # The account, the sum in the frame and the blocks are of one state, whatever an import does meanwhile.
    with billing_snapshot():
        access = access_account(request, link_id)
        shown = {**access.context(request), "information": information_of(access.account)}
    link_touch(access.link)
    payment = f"/cabinet/{link_id}/payment/"
    context = {
        **shown,
        "today": timezone.localdate(),
        "centres_address": service_centres_address(request),
        "payment_address": payment if address_exists(payment) else "",
        "way_to_write": way_to_write(request, access.link),
        "bills_offered": _bills_offered(request.subscriber.pk, access.account),
    }
    return render(request, "cabinet/layout/information.html", context)


def _bills_offered(subscriber_id: UUID, account: PersonalAccount) -> bool:
    """Return whether to offer bills by e-mail: to a person without them, for an open account."""
    return account.closed_on is None and not is_subscribed(
        subscriber_id, account, Subscription.Kind.BILL
    )
