"""From a typed address to a subscriber."""

import datetime
from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.subscribers.models import PendingRegistration, Subscriber
from cabinet.subscribers.sessions import new_secret, secret_hash
from portal.messaging.services import message_send
from tenants.models import GasCompany

LINK_HOURS = 24
RESEND_AFTER = datetime.timedelta(minutes=1)


class RegistrationExpired(Exception):
    """The link is unknown, used up, or older than a day."""


class ResendTooSoon(Exception):
    """A letter went out less than a minute ago."""


@transaction.atomic
def registration_start(
    *, email: str, password: str, company: GasCompany, link_address: Callable[[str], str]
) -> str:
    """Keep the registration until the address is confirmed, and write the letter.

    `link_address` makes an absolute address of the link's secret. Returns the browser's secret. Does
    the same work and answers the same whether the address is registered or not; its owner learns it
    from the letter.
    """
    link, browser, now = new_secret(), new_secret(), timezone.now()
    PendingRegistration.objects.create(
        email=email,
        password=make_password(password),
        link_hash=secret_hash(link),
        browser_hash=secret_hash(browser),
        consented_at=now,
        expires_at=now + datetime.timedelta(hours=LINK_HOURS),
        mailed_at=now,
    )
    _write_letter(email, company, link_address(link))
    return browser


@transaction.atomic
def registration_resend(
    *, pending: PendingRegistration, company: GasCompany, link_address: Callable[[str], str]
) -> None:
    """A new letter with a new link; the old link stops working. Raises ResendTooSoon."""
    pending = PendingRegistration.objects.select_for_update().get(pk=pending.pk)
    now = timezone.now()
    if now - pending.mailed_at < RESEND_AFTER:
        raise ResendTooSoon
    link = new_secret()
    pending.link_hash = secret_hash(link)
    pending.mailed_at = now
    pending.expires_at = now + datetime.timedelta(hours=LINK_HOURS)
    pending.save(update_fields=["link_hash", "mailed_at", "expires_at"])
    _write_letter(pending.email, company, link_address(link))


@transaction.atomic
def registration_confirm(*, link: str) -> tuple[Subscriber, PendingRegistration]:
    """The address is the person's: make the subscriber. Works once; raises RegistrationExpired."""
    pending = (
        PendingRegistration.objects.select_for_update()
        .filter(link_hash=secret_hash(link), expires_at__gt=timezone.now())
        .first()
    )
    if pending is None:
        raise RegistrationExpired
    try:
        with transaction.atomic():
            subscriber = Subscriber.objects.create(
                email=pending.email, password=pending.password, consented_at=pending.consented_at
            )
    except IntegrityError as error:  # registered meanwhile, by an earlier letter
        raise RegistrationExpired from error
    PendingRegistration.objects.filter(email=pending.email).delete()
    return subscriber, pending


def registrations_forget() -> int:
    """Delete registrations that nobody confirmed in time. Returns how many."""
    return PendingRegistration.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _write_letter(email: str, company: GasCompany, address: str) -> None:
    registered = Subscriber.objects.filter(email=email).exists()
    message_send(
        kind="already_registered" if registered else "confirm_registration",
        recipient=email,
        context={
            "company_name": company.name,
            "hours": LINK_HOURS,
            "url": f"{company.url}/cabinet/login/" if registered else address,
        },
    )
