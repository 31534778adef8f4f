"""The way back in for the owner of an account that somebody guesses at: a link by mail or SMS."""

import datetime

from django.db import transaction
from django.utils import timezone

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import LoginPass, Subscriber
from cabinet.subscribers.sessions import new_secret, secret_hash
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.outbox import enqueue_on_commit
from tenants.models import GasCompany

HOURS = 24
LATE = datetime.timedelta(minutes=1)


class PassSpent(Exception):
    """The link is unknown, used, or older than a day."""


@transaction.atomic
def login_pass_offer(
    *, subscriber: Subscriber | None, contact: Contact, company: GasCompany
) -> None:
    """Have a worker write to the owner. The same work for an address that nobody has."""
    expires_at = timezone.now() + datetime.timedelta(hours=HOURS)
    row = LoginPass.objects.create(
        subscriber=subscriber,
        company=company,
        by_phone=contact.kind == "phone",
        expires_at=expires_at,
    )
    enqueue_on_commit("cabinet.subscribers.tasks.login_pass_tell", row.pk)


@transaction.atomic
def login_pass_tell(pass_id: int) -> None:
    """Make the link and write it to the owner, once. The company's schema is entered."""
    row = (
        LoginPass.objects.select_for_update(skip_locked=True)
        .filter(pk=pass_id, told_at=None)
        .first()
    )
    if row is None:
        return
    row.told_at = timezone.now()
    if row.subscriber:
        link = new_secret()
        row.link_hash = secret_hash(link)
        message_send(
            kind="login_under_attack",
            recipient=str(row.subscriber.phone if row.by_phone else row.subscriber.email),
            channel=Message.Channel.SMS if row.by_phone else Message.Channel.EMAIL,
            context={
                "company_name": row.company.name,
                "hours": HOURS,
                "url": f"{row.company.url}/cabinet/login/pass/{link}/",
            },
        )
    row.save(update_fields=["told_at", "link_hash"])


def login_passes_late(schema: str) -> list[int]:
    """Those of a company whose task was lost."""
    late = LoginPass.objects.filter(
        company__schema_name=schema, told_at=None, created_at__lt=timezone.now() - LATE
    )
    return list(late.values_list("pk", flat=True)[:200])


@transaction.atomic
def login_pass_use(*, link: str) -> Subscriber:
    """Works once. Raises PassSpent."""
    row = (
        LoginPass.objects.select_for_update()
        .filter(link_hash=secret_hash(link), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if row is None or row.subscriber is None:
        raise PassSpent
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    return row.subscriber


def login_passes_forget() -> int:
    return LoginPass.objects.filter(expires_at__lte=timezone.now()).delete()[0]
