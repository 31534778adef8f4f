from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cabinet.accounts.access import AccountAccess, Right, access_account, link_touch
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot, way_to_write
from cabinet.layout.selectors import information_of
from cabinet.meters.offline.device import device_form
from cabinet.meters.readings.forms import ReadingsForm
from cabinet.meters.selectors import channel_of, meters_in_use
from cabinet.meters.snapshot import meter_snapshot
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.selectors import is_subscribed
from cms_pages.selectors import service_centres_address

METERS_HERE = 2  # with more, the page would be a form


@subscriber_required
def information(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the account at a glance: what is owed and why, what is installed, whom to ask."""
    # Rendered inside too: the sum due in the header is of the same state as the page's figures.
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        context = {
            "access": access,
            "information": information_of(access.account, masked=access.is_delegate),
            "today": timezone.localdate(),
            "centres_address": service_centres_address(request),
            "way_to_write": way_to_write(request, access.link, "information"),
            **_readings_context(request, access),
            "bills_offered": not access.is_delegate
            and _bills_offered(request.subscriber.pk, access.account),
        }
        response = render(request, "cabinet/layout/information.html", context)
    link_touch(access)
    return response


def _readings_context(request: SubscriberRequest, access: AccountAccess) -> dict[str, Any]:
    """Return the form of the section «Показания», which it is sent to; many meters have a button instead."""
    account = access.account
    meters = [] if account.closed_on or not access.may_send else meters_in_use(account)
    if not 0 < len(meters) <= METERS_HERE:
        return {"send_button": len(meters)}
    form = ReadingsForm(
        snapshot=meter_snapshot(meters, channel=channel_of(access)),
        subscriber_id=access.link.subscriber_id,
        norm_volume=account.norm_volume,
        initial={"idempotency_key": uuid4(), **recovered_initial(request)},
    )
    return {
        "form": form,
        "meter_cards": form.cards(),
        "device_form": device_form(access, form.snapshot),
        **form.snapshot.period_context(),
    }


def _bills_offered(subscriber_id: UUID, account: PersonalAccount) -> bool:
    """Return whether to offer bills by e-mail: to a person without them, for an open account."""
    return account.closed_on is None and not is_subscribed(
        subscriber_id, account, Subscription.Kind.BILL
    )
