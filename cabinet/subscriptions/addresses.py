"""Where bills go: the login's address, or another one that is confirmed by a link from a letter."""

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.notifications.models import MailAddress
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.sessions import subscriber_locked
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.services import NothingMoreToSend, addresses_forget
from portal.connection import current_schema
from portal.messaging.models import Message
from portal.messaging.services import message_send, messages_without_files
from portal.secrets import new_secret, secret_hash
from tenants.models import GasCompany

Kind = Subscription.Kind

LINK = datetime.timedelta(days=3)
RESEND_AFTER = datetime.timedelta(minutes=1)


class LinkExpired(Exception):
    """The link is forged or too old, or nobody wants its address any more."""


class TooSoon(Exception):
    """The last letter to this address went out less than a minute ago."""


def bills_address_needs_letter(*, subscriber: Subscriber, address: str) -> bool:
    """Return whether bills may go to the address only after its owner has confirmed it."""
    if address == subscriber.email:
        return False
    confirmed = MailAddress.objects.filter(
        subscriber_id=subscriber.pk, address=address, confirmed_at__isnull=False
    )
    return not confirmed.exists()


@transaction.atomic
def bills_address_set(
    *,
    subscriber: Subscriber,
    account: PersonalAccount,
    address: str,
    company: GasCompany,
    bills_as: str = "",
) -> Subscription:
    """Subscribe a person to an account's bills at this address, or send them there from now on.

    `bills_as`: as a file or a link; by default as before.

    Another address than the login's is first confirmed by a letter; until then the bills go where they
    went. In the schema of the account's company. Raises NothingMoreToSend, TooSoon, and
    Subscriber.DoesNotExist for a person who was deleted meanwhile.
    """
    locked = subscriber_locked(subscriber.pk)
    if account.closed_on:
        raise NothingMoreToSend
    bills, _ = Subscription.objects.get_or_create(
        subscriber_id=locked.pk, account=account, kind=Kind.BILL
    )
    bills.by_mail, bills.bills_as, row = True, bills_as or bills.bills_as, None
    if address != locked.email:
        row, _ = MailAddress.objects.get_or_create(subscriber_id=locked.pk, address=address)
    if row is None or row.confirmed_at:
        bills.address, bills.wanted_address, bills.refused_at = row, None, None
    else:
        bills.wanted_address = row
        _letter_send(row, company)
    bills.save(update_fields=["by_mail", "bills_as", "address", "wanted_address", "refused_at"])
    if bills.bills_as == Subscription.BillsAs.LINK:
        written = Message.objects.filter(person=locked.pk, subscription=bills.pk)
        messages_without_files(written, bills_as=bills.bills_as, attached=0)
    addresses_forget(locked.pk)
    return bills


@transaction.atomic
def bills_address_resend(
    *, subscriber: Subscriber, account: PersonalAccount, company: GasCompany
) -> str:
    """Send the letter to the address that waits for it once more, with a new link; return the address.

    Raises TooSoon, Subscriber.DoesNotExist, and MailAddress.DoesNotExist where no address waits.
    """
    locked = subscriber_locked(subscriber.pk)
    row = MailAddress.objects.get(
        wanted_by__subscriber_id=locked.pk, wanted_by__account=account, wanted_by__kind=Kind.BILL
    )
    _letter_send(row, company)
    return row.address


def address_of_link(secret: str) -> MailAddress:
    """Return the address that a letter's link confirms, or has confirmed. Raises LinkExpired."""
    row = MailAddress.objects.filter(link_hash=_hash(secret)).first()
    if row is None or (row.confirmed_at is None and _is_over(row)):
        raise LinkExpired
    return row


@transaction.atomic
def address_confirm(secret: str) -> MailAddress:
    """Send the bills to a letter's address from now on; a second time changes nothing.

    Raises LinkExpired.
    """
    person = address_of_link(secret).subscriber_id
    try:
        subscriber_locked(person)
    except Subscriber.DoesNotExist as error:
        raise LinkExpired from error
    row = address_of_link(secret)
    if row.confirmed_at is None:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
        Subscription.objects.filter(wanted_address=row).update(
            address=row, wanted_address=None, refused_at=None
        )
        addresses_forget(person)
    return row


def _letter_send(row: MailAddress, company: GasCompany) -> None:
    now = timezone.now()
    if row.link_sent_at and row.link_sent_at > now - RESEND_AFTER:
        raise TooSoon
    secret = new_secret()
    row.link_hash = _hash(secret)
    row.link_sent_at, row.link_expires_at = now, now + LINK
    row.save(update_fields=["link_hash", "link_sent_at", "link_expires_at"])
    path = reverse("subscriptions:address_confirm", args=[secret])
    message_send(
        kind="mail_address",
        recipient=row.address,
        context={"company_name": company.name, "url": f"{company.url}{path}"},
        person=row.subscriber_id,
    )


def _is_over(row: MailAddress) -> bool:
    return row.link_expires_at is None or row.link_expires_at <= timezone.now()


def _hash(secret: str) -> str:
    return secret_hash(secret, schema=current_schema())
