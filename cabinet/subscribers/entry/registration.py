"""Registration: from a typed contact to a confirmed subscriber."""

import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import Consent, PendingRegistration, Subscriber
from cabinet.subscribers.notify import page_address
from portal.http.addresses import RequestOrigin
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.secrets import CodeSpent, CodeWrong, code_for_people, new_secret, secret_hash
from tenants.models import GasCompany

LINK_HOURS = 24
# An app above answers with the address on which people register at the company whose schema is entered, if
# that is not by a password of their own.
registration_asked = Signal()
# From one message to the next; after the last one the person registers anew.
PAUSES = [datetime.timedelta(seconds=seconds) for seconds in (60, 60, 180, 600)]


class RegistrationExpired(Exception):
    """The link or registration is unknown, superseded, or older than a day."""


class AlreadyConfirmed(Exception):
    """The link has done its work before."""


class RegisteredElsewhere(Exception):
    """Neither this browser nor the password is the one that registered."""


class ResendTooSoon(Exception):
    """A message went out a moment ago, or enough of them have."""


def other_registration() -> str:
    """Return the address on which people register here instead, or an empty string."""
    answers = [str(answer) for _receiver, answer in registration_asked.send(PendingRegistration)]
    return next(filter(None, answers), "")


@transaction.atomic
def registration_start(
    *,
    contact: Contact,
    password: str,
    documents: list[Document],
    company: GasCompany,
    origin: RequestOrigin,
) -> str:
    """Store a registration until it is confirmed, with its consents and message.

    Returns the browser's secret. Does the same work and answers the same whether the contact is
    registered or not; its owner learns it from the message.
    """
    browser, now = new_secret(), timezone.now()
    pending = PendingRegistration(
        **contact.lookup(),
        password=make_password(password),
        browser_hash=secret_hash(browser),
        sent_at=now,
    )
    message = _renew(pending, now)
    consents_give(
        registration=pending, documents=documents, company=company, origin=origin, given_at=now
    )
    _send(pending, company, *message)
    return browser


@transaction.atomic
def registration_resend(*, pending: PendingRegistration, company: GasCompany) -> None:
    """Send a new link or code; the old ones stop working. Raises ResendTooSoon."""
    pending = PendingRegistration.objects.select_for_update().get(pk=pending.pk)
    wait = resend_wait(pending)
    if wait is None or wait > 0:
        raise ResendTooSoon
    pending.sent_count += 1
    _send(pending, company, *_renew(pending, timezone.now()))


def resend_wait(pending: PendingRegistration) -> int | None:
    """Return the seconds until another message may be asked for; None when there were enough."""
    return wait_after(pending.sent_at, pending.sent_count)


def wait_after(sent_at: datetime.datetime, sent_count: int) -> int | None:
    """Return the seconds from the last of so many messages to the next; None after enough of them."""
    if sent_count > len(PAUSES):
        return None
    left = sent_at + PAUSES[sent_count - 1] - timezone.now()
    return max(0, -(-left // datetime.timedelta(seconds=1)))


def registration_find(*, link: str) -> PendingRegistration:
    """Return the registration of a mail's link. Raises RegistrationExpired or AlreadyConfirmed."""
    pending = PendingRegistration.objects.filter(
        link_hash=secret_hash(link), expires_at__gt=timezone.now()
    ).first()
    if pending is None:
        raise RegistrationExpired
    if pending.confirmed_at:
        raise AlreadyConfirmed
    return pending


def registration_latest(contact: Contact) -> PendingRegistration | None:
    """Return the last registration of the contact that still waits for its confirmation."""
    waiting = PendingRegistration.objects.filter(
        **contact.lookup(), expires_at__gt=timezone.now(), confirmed_at=None
    )
    return waiting.order_by("-created_at", "-pk").first()


def registered_in(pending: PendingRegistration, browser: str) -> bool:
    """Return whether this is the secret of the browser that registered."""
    return bool(browser) and secret_hash(browser) == pending.browser_hash


def registration_confirm(*, link: str, browser: str = "", password: str = "") -> Subscriber:
    """Confirm by the link of the mail, once, with the password and consents of the registration.

    The link shows who reads the mail, not who registered: that is shown by the browser's secret or by
    the password. Raises RegistrationExpired, AlreadyConfirmed, or RegisteredElsewhere.
    """
    found = registration_find(link=link)
    knows = password and check_password(password, found.password)  # slow, so before the lock
    if not knows and not registered_in(found, browser):
        raise RegisteredElsewhere
    with transaction.atomic():
        return _subscriber_make(_waiting(link_hash=secret_hash(link)))


def registration_confirm_anew(
    *,
    link: str,
    password: str,
    documents: list[Document],
    company: GasCompany,
    origin: RequestOrigin,
) -> Subscriber:
    """Confirm by the link with a new password; what was typed and agreed to at registration ends.

    Raises RegistrationExpired or AlreadyConfirmed.
    """
    hashed = make_password(password)  # slow, so before the lock
    with transaction.atomic():
        pending = _waiting(link_hash=secret_hash(link))
        pending.password = hashed
        pending.consents.all().delete()
        consents_give(registration=pending, documents=documents, company=company, origin=origin)
        return _subscriber_make(pending)


def registration_confirm_by_code(*, pending: PendingRegistration, code: str) -> Subscriber:
    """Confirm by the digits of the SMS, in the browser that registered.

    A wrong code is counted. Raises CodeWrong, CodeSpent, RegistrationExpired or AlreadyConfirmed.
    """
    with transaction.atomic():
        pending = _waiting(pk=pending.pk)
        if not pending.phone:
            raise CodeSpent
        if pending.code_check(code):
            return _subscriber_make(pending)
    # After the commit, so that the try is counted.
    if not pending.code_tries_left:
        raise CodeSpent
    raise CodeWrong(pending.code_tries_left)


def registrations_forget() -> int:
    """Delete expired registrations with their consents. Returns how many.

    Consents of applications to a company that was deleted go too: their applications have gone with it.
    """
    Consent.objects.filter(application_id__isnull=False, company=None).delete()
    _rows, by_model = PendingRegistration.objects.filter(expires_at__lte=timezone.now()).delete()
    return by_model.get("subscribers.PendingRegistration", 0)


def _renew(pending: PendingRegistration, now: datetime.datetime) -> tuple[str, str]:
    """Save the registration with a new link and code, and return both."""
    link, code = new_secret(), pending.code_renew()
    pending.link_hash = secret_hash(link)
    pending.sent_at = now
    pending.expires_at = now + datetime.timedelta(hours=LINK_HOURS)
    pending.save()
    return link, code


def _send(
    pending: PendingRegistration,
    company: GasCompany,
    link: str,
    code: str,
) -> None:
    """Write the message in the caller's transaction; a registered contact's says that it is one.

    Both branches make both addresses: less work in one of them would tell which it was.
    """
    contact = Contact.of(pending)
    url, login_url = page_address(company, "confirm", link), page_address(company, "login")
    registered = Subscriber.objects.filter(**contact.lookup()).exists()
    message_send(
        kind="already_registered" if registered else "confirm_registration",
        recipient=contact.value,
        channel=Message.Channel.EMAIL if contact.kind == "email" else Message.Channel.SMS,
        context={
            "company_name": company.name,
            "url": login_url if registered else url,
            "hours": LINK_HOURS,
            "code": "" if registered else code_for_people(code),
        },
    )


def _waiting(**condition: object) -> PendingRegistration:
    """Return the registration, locked: the second of two confirmations finds the first one's result.

    All of the same contact are locked, in one order: each confirmation deletes the others, and two that
    locked their own first would deadlock.
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
    """Create the subscriber, who takes over the consents; other registrations of the contact end."""
    contact = Contact.of(pending)
    try:
        with transaction.atomic():
            subscriber = Subscriber.objects.create(
                **contact.lookup(),
                **{f"{contact.kind}_since": timezone.now()},
                password=pending.password,
            )
    except IntegrityError as error:  # registered meanwhile, by an earlier message
        raise RegistrationExpired from error
    pending.consents.update(subscriber=subscriber, registration=None)
    pending.confirmed_at = timezone.now()
    pending.password = pending.code_hash = ""
    pending.save()
    PendingRegistration.objects.filter(**contact.lookup()).exclude(pk=pending.pk).delete()
    return subscriber
