"""Unlock links: past the limit of wrong passwords for the owner of an attacked account."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import LoginUnlockLink, Subscriber
from cabinet.subscribers.notify import page_address
from portal.connection import current_schema
from portal.jobs import job_enqueue, job_run, jobs_sweep
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.secrets import new_secret, secret_hash
from tenants.models import GasCompany

HOURS = 24


class UnlockLinkSpent(Exception):
    """The link is unknown, used, or older than a day."""


@transaction.atomic
def unlock_link_offer(
    *, subscriber: Subscriber | None, contact: Contact, company: GasCompany
) -> None:
    """Have a worker send a link to the owner; the same work for an unknown contact."""
    row = LoginUnlockLink.objects.create(
        subscriber=subscriber,
        company=company,
        by_phone=contact.kind == "phone",
        expires_at=timezone.now() + datetime.timedelta(hours=HOURS),
    )
    job_enqueue(row)


def unlock_link_send(*, link_id: int) -> bool:
    """Make the link and send it to the owner, once. The company's schema is entered."""
    return job_run(LoginUnlockLink.objects.all(), link_id, _send, in_transaction=True)


def unlock_links_sweep() -> int:
    """Enqueue the links of the entered company whose task was lost."""
    return jobs_sweep(LoginUnlockLink.objects.filter(company__schema_name=current_schema()))


@transaction.atomic
def unlock_link_use(*, secret: str) -> Subscriber:
    """Use a link up and return its owner. Raises UnlockLinkSpent."""
    row = (
        LoginUnlockLink.objects.select_for_update()
        .filter(link_hash=secret_hash(secret), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if row is None or row.subscriber is None:
        raise UnlockLinkSpent
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    return row.subscriber


def unlock_links_forget() -> int:
    """Delete expired links. Returns how many."""
    return LoginUnlockLink.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _send(row: LoginUnlockLink) -> dict[str, Any] | None:
    contact = row.subscriber and (row.subscriber.phone if row.by_phone else row.subscriber.email)
    if not contact:
        return None
    secret = new_secret()
    message_send(
        kind="login_under_attack",
        recipient=contact,
        channel=Message.Channel.SMS if row.by_phone else Message.Channel.EMAIL,
        context={
            "company_name": row.company.name,
            "hours": HOURS,
            "url": page_address(row.company, "login_unlock", secret),
        },
    )
    return {"link_hash": secret_hash(secret)}
