"""From a typed address or telephone to a subscriber."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import PendingRegistration, Subscriber
from cabinet.subscribers.registration import codes
from cabinet.subscribers.registration.messages import LINK_HOURS, registration_tell
from cabinet.subscribers.sessions import new_secret, secret_hash
from tenants.models import GasCompany

# From one message to the next; after the last one the person registers anew.
PAUSES = [datetime.timedelta(seconds=seconds) for seconds in (60, 60, 180, 600)]


class RegistrationExpired(Exception):
    """The link or registration is unknown, superseded, or older than a day."""


class AlreadyConfirmed(Exception):
    """The same link again: it has done its work."""


class ResendTooSoon(Exception):
    """A message went out a moment ago, or enough of them have."""


class CodeWrong(Exception):
    """Not the digits of the SMS; `tries_left` says how often one may still try with this code."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


class CodeSpent(Exception):
    """The code is too old, or was guessed at too often: a new one has to be asked for."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody registers: the company, its host, the visitor's IP address.

    `link_address` makes an absolute address of a link's secret; `login_url` is that of the login.
    """

    company: GasCompany
    host: str
    address: str
    link_address: Callable[[str], str]
    login_url: str


@transaction.atomic
def registration_start(
    *, contact: Contact, password: str, documents: list[Document], place: Place
) -> str:
    """Keep the registration until it is confirmed, write down the consents, write the message.

    Returns the browser's secret. Does the same work and answers the same whether the address is
    registered or not; its owner learns it from the message.
    """
    link, code, browser = new_secret(), codes.new_code(), new_secret()
    now = timezone.now()
    pending = PendingRegistration.objects.create(
        **contact.lookup(),
        password=make_password(password),
        link_hash=secret_hash(link),
        code_hash=codes.code_hash(secret_hash(browser), code),
        browser_hash=secret_hash(browser),
        expires_at=now + datetime.timedelta(hours=LINK_HOURS),
        sent_at=now,
    )
    consents_give(
        registration=pending,
        documents=documents,
        company=place.company,
        host=place.host,
        address=place.address,
        given_at=now,
    )
    _tell(contact, place, link, code)
    return browser


@transaction.atomic
def registration_resend(*, pending: PendingRegistration, place: Place) -> None:
    """A new message with a new link or code; the old ones stop working. Raises ResendTooSoon."""
    pending = PendingRegistration.objects.select_for_update().get(pk=pending.pk)
    wait = resend_wait(pending)
    if wait is None or wait > 0:
        raise ResendTooSoon
    link, code, now = new_secret(), codes.new_code(), timezone.now()
    pending.link_hash = secret_hash(link)
    pending.code_hash = codes.code_hash(pending.browser_hash, code)
    pending.code_tries = 0
    pending.sent_at, pending.sent_count = now, pending.sent_count + 1
    pending.expires_at = now + datetime.timedelta(hours=LINK_HOURS)
    pending.save()
    _tell(Contact.of(pending), place, link, code)


def resend_wait(pending: PendingRegistration) -> int | None:
    """Seconds until another message may be asked for, 0 for now; None when there were enough."""
    if pending.sent_count > len(PAUSES):
        return None
    left = pending.sent_at + PAUSES[pending.sent_count - 1] - timezone.now()
    return max(0, -(-left // datetime.timedelta(seconds=1)))


@transaction.atomic
def registration_confirm(*, link: str) -> tuple[Subscriber, PendingRegistration]:
    """By the link of the mail. Works once; raises RegistrationExpired or AlreadyConfirmed."""
    pending = _waiting(link_hash=secret_hash(link))
    return _subscriber_make(pending), pending


def registration_confirm_by_code(*, pending: PendingRegistration, code: str) -> Subscriber:
    """By the digits of the SMS, in the browser that registered.

    A wrong code is counted though it raises. Raises CodeWrong, CodeSpent, RegistrationExpired or
    AlreadyConfirmed.
    """
    with transaction.atomic():
        pending = _waiting(pk=pending.pk)
        lifetime = datetime.timedelta(minutes=codes.LIFETIME_MINUTES)
        too_old = timezone.now() - pending.sent_at > lifetime
        if too_old or pending.code_tries >= codes.TRIES or not pending.phone:
            raise CodeSpent
        if codes.code_fits(pending, code):
            return _subscriber_make(pending)
        pending.code_tries += 1
        pending.save(update_fields=["code_tries"])
    if pending.code_tries >= codes.TRIES:
        raise CodeSpent
    raise CodeWrong(codes.TRIES - pending.code_tries)


def registrations_forget() -> int:
    """Delete registrations whose day is over, with their consents. Returns how many."""
    _rows, by_model = PendingRegistration.objects.filter(expires_at__lte=timezone.now()).delete()
    return by_model.get("subscribers.PendingRegistration", 0)


def _tell(contact: Contact, place: Place, link: str, code: str) -> None:
    registration_tell(
        contact,
        place.company,
        url=place.link_address(link),
        login_url=place.login_url,
        code=code,
    )


def _waiting(**condition: object) -> PendingRegistration:
    """The registration, locked: of two confirmations at once the second finds what the first did.

    All of the same address are locked, in one order: each confirmation ends the others, and two that
    held their own first would wait for one another for ever.
    """
    found = PendingRegistration.objects.filter(**condition).first()
    if found is None:
        raise RegistrationExpired
    same = PendingRegistration.objects.select_for_update().filter(**Contact.of(found).lookup())
    pending = next((each for each in same.order_by("pk") if each.pk == found.pk), None)
    if pending is None or pending.expires_at <= timezone.now():
        raise RegistrationExpired
    if any(getattr(pending, name) != value for name, value in condition.items()):
        raise RegistrationExpired  # a newer link was asked for a moment ago
    if pending.confirmed_at:
        raise AlreadyConfirmed
    return pending


def _subscriber_make(pending: PendingRegistration) -> Subscriber:
    """The address is the person's: from here on there is a subscriber, and the consents are theirs."""
    contact = Contact.of(pending)
    try:
        with transaction.atomic():
            subscriber = Subscriber.objects.create(**contact.lookup(), password=pending.password)
    except IntegrityError as error:  # registered meanwhile, by an earlier message
        raise RegistrationExpired from error
    pending.consents.update(subscriber=subscriber, registration=None)
    pending.confirmed_at = timezone.now()
    pending.password = pending.code_hash = ""
    pending.save()
    others = PendingRegistration.objects.filter(**contact.lookup()).exclude(pk=pending.pk)
    others.delete()
    return subscriber
