"""Addresses and telephones that take no messages any more."""

from collections.abc import Mapping
from typing import Any

from cabinet.notifications.sms_numbers import number_refused
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.page import links_by_company
from cabinet.subscriptions.services import login_address_begins_anew, subscription_refused
from portal.messaging.models import Message
from tenants.schemas import in_company
from tenants.selectors import company_can_serve, current_company


def refusal_note(*, message: Message, **_: Any) -> None:
    """Note a refusal (a receiver): send nothing more there until the person sees to it."""
    if message.channel == Message.Channel.EMAIL:
        subscription_refused(message)
    elif message.channel == Message.Channel.SMS:
        number_refused(message)


def contact_change_note(
    *, subscriber: Subscriber, kind: str, context: Mapping[str, Any], **_: Any
) -> None:
    """Write to a login's new address what the one before has refused (a receiver)."""
    if kind != "contact_changed" or not context["is_email"]:
        return
    here = current_company()
    for company in {*links_by_company(subscriber), *([here] if here else [])}:
        if company == here:
            login_address_begins_anew(subscriber.pk)
        elif company_can_serve(company):
            with in_company(company):
                login_address_begins_anew(subscriber.pk)
