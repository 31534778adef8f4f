"""Change of an e-mail address or telephone.

Requested with the password, confirmed from the new contact, and for some days stoppable from the old one.
"""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.subscribers.contacts import contact_masked
from cabinet.subscribers.models import ContactChange, LoginUnlockLink, Subscriber
from cabinet.subscribers.notify import page_address, person_notify
from cabinet.subscribers.sessions import sessions_end, subscriber_lock
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.secrets import CODE_LIFETIME, CodeSpent, CodeWrong, new_secret, secret_hash
from tenants.models import GasCompany

EMAIL_LINK = datetime.timedelta(hours=24)
RESEND_AFTER = datetime.timedelta(minutes=1)

Kind = ContactChange.Kind


class ChangeExpired(Exception):
    """The change is unknown, too old, stopped, or another person's."""


class ChangeTooSoon(Exception):
    """The last letter or SMS went out less than a minute ago."""


class ContactTaken(Exception):
    """Another subscriber has confirmed this address or telephone in the meantime."""


def change_waiting(subscriber: Subscriber, kind: str) -> ContactChange | None:
    """Return the change that awaits its confirmation."""
    return subscriber.contact_changes.filter(
        kind=kind, confirmed_at=None, expires_at__gt=timezone.now()
    ).first()


@transaction.atomic
def change_start(
    *,
    subscriber: Subscriber,
    kind: str,
    value: str,
    company: GasCompany,
) -> ContactChange:
    """Write to the new contact and warn the old one, after the password was checked.

    Does the same whether the new contact is another subscriber's; then its owner is notified, and there is
    nothing to confirm. Raises ChangeTooSoon, and ChangeExpired for a person who was deleted meanwhile.
    """
    locked = subscriber_lock(subscriber.pk)
    if locked is None:
        raise ChangeExpired
    now = timezone.now()
    waiting = locked.contact_changes.filter(kind=kind, confirmed_at=None)
    if waiting.filter(sent_at__gt=now - RESEND_AFTER).exists():
        raise ChangeTooSoon
    waiting.delete()
    link, stop = new_secret(), new_secret()
    change = ContactChange(
        id=uuid.uuid4(),
        subscriber=locked,
        kind=kind,
        value=value,
        old_value=getattr(locked, kind) or "",
        old_since=getattr(locked, f"{kind}_since"),
        stop_hash=secret_hash(stop),
        sent_at=now,
        expires_at=now + (EMAIL_LINK if kind == Kind.EMAIL else CODE_LIFETIME),
    )
    code = change.code_renew()
    if kind == Kind.EMAIL:
        change.link_hash = secret_hash(link)
    change.save(force_insert=True)
    letters = _Letters(change=change, subscriber=locked, company=company)
    if Subscriber.objects.filter(**{kind: value}).exists():
        letters.taken()
    else:
        letters.confirm(code, page_address(company, "email_confirm", link))
    letters.warn(page_address(company, "change_stop", stop))
    return change


@transaction.atomic
def email_confirm(*, subscriber: Subscriber, secret: str) -> ContactChange:
    """Give the person the new address; a second time changes nothing.

    Raises ChangeExpired, and ContactTaken.
    """
    locked = subscriber_lock(subscriber.pk)
    change = email_change_of(subscriber, secret)
    if locked is None or change is None:
        raise ChangeExpired
    if change.confirmed_at is None:
        _apply(locked, change)
    return change


def email_change_of(subscriber: Subscriber, secret: str) -> ContactChange | None:
    """Return the change of a letter's link if it is this person's and still good, or done."""
    change = ContactChange.objects.filter(
        link_hash=secret_hash(secret), subscriber=subscriber, kind=Kind.EMAIL
    ).first()
    if change and change.confirmed_at is None and change.expires_at <= timezone.now():
        return None
    return change


def phone_confirm(*, subscriber: Subscriber, code: str) -> ContactChange:
    """Give the person the new telephone for the code of the SMS.

    Raises ChangeExpired, ContactTaken and, counted, CodeWrong.
    """
    with transaction.atomic():
        locked = subscriber_lock(subscriber.pk)
        change = change_waiting(locked, Kind.PHONE) if locked else None
        if locked is None or change is None:
            raise ChangeExpired
        try:
            right = change.code_check(code)
        except CodeSpent as error:
            raise ChangeExpired from error
        if right:
            _apply(locked, change)
    if not right:  # after the commit, so that the try is counted
        raise CodeWrong(change.code_tries_left)
    return change


def change_to_stop(secret: str) -> ContactChange | None:
    """Return the change of a warning's link, while it may be stopped."""
    change = ContactChange.objects.filter(stop_hash=secret_hash(secret)).first()
    return change if change and _may_be_stopped(change) else None


@transaction.atomic
def change_stop(*, secret: str) -> ContactChange:
    """Undo a change and log out its author, who knows the password.

    All logins end, the password becomes unusable, the old contact is in force again and leads to a new
    password. Later changes of the same contact are undone too, and so are changes of the other contact
    within the same days: a thief's telephone would lead back in. Raises ChangeExpired, and ContactTaken
    if the old contact is another subscriber's by now.
    """
    found = change_to_stop(secret)
    locked = subscriber_lock(found.subscriber_id) if found else None
    change = change_to_stop(secret)
    if change is None or locked is None:
        raise ChangeExpired
    later = locked.contact_changes.filter(kind=change.kind, sent_at__gte=change.sent_at)
    if later.exclude(confirmed_at=None).exists():
        _take_back(locked, change, change.old_value)
    other = [
        one
        for one in locked.contact_changes.exclude(kind=change.kind).order_by("-sent_at")
        if one.confirmed_at and _may_be_stopped(one)
    ]
    for one in other:
        _take_back(locked, one, _still_free(one))
    locked.password = make_password(None)
    locked.recovered_at = timezone.now()
    _save(locked, ["email", "phone", "email_since", "phone_since", "password", "recovered_at"])
    later.delete()
    locked.contact_changes.filter(pk__in=[one.pk for one in other]).delete()
    locked.contact_changes.filter(confirmed_at=None).delete()
    locked.temporary_passwords.all().delete()
    LoginUnlockLink.objects.filter(subscriber=locked).delete()
    sessions_end(subscriber=locked)
    return change


def changes_forget() -> int:
    """Delete changes that can be neither confirmed nor stopped any more. Returns how many."""
    undo = timezone.now() - datetime.timedelta(days=settings.CONTACT_UNDO_DAYS)
    gone = ContactChange.objects.filter(expires_at__lt=undo, confirmed_at=None)
    done = ContactChange.objects.filter(confirmed_at__lt=undo)
    return gone.delete()[0] + done.delete()[0]


def _may_be_stopped(change: ContactChange) -> bool:
    undo = datetime.timedelta(days=settings.CONTACT_UNDO_DAYS)
    return timezone.now() <= (change.confirmed_at or change.expires_at) + undo


def _still_free(change: ContactChange) -> str:
    """Return the contact before a change, or nothing if it is another subscriber's by now."""
    others = Subscriber.objects.exclude(pk=change.subscriber_id)
    return "" if others.filter(**{change.kind: change.old_value}).exists() else change.old_value


def _take_back(locked: Subscriber, change: ContactChange, value: str) -> None:
    setattr(locked, change.kind, value or None)
    setattr(locked, f"{change.kind}_since", change.old_since)


def _apply(locked: Subscriber, change: ContactChange) -> None:
    change.confirmed_at = timezone.now()
    setattr(locked, change.kind, change.value)
    setattr(locked, f"{change.kind}_since", change.confirmed_at)
    _save(locked, [change.kind, f"{change.kind}_since"])
    change.save(update_fields=["confirmed_at"])
    said = {"is_email": change.kind == Kind.EMAIL, "new_value": contact_masked(change.value)}
    person_notify(subscriber=locked, kind="contact_changed", context=said)


def _save(locked: Subscriber, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            locked.save(update_fields=fields)
    except IntegrityError as error:
        raise ContactTaken from error


@dataclass(frozen=True)
class _Letters:
    """The messages about a change, written in the caller's transaction."""

    change: ContactChange
    subscriber: Subscriber
    company: GasCompany

    def confirm(self, code: str, url: str) -> None:
        """Send the link or the code to the new contact."""
        if self._is_email:
            self._send("email_change", self.change.value, {"url": url})
        else:
            self._send("phone_code", self.change.value, {"code": code})

    def taken(self) -> None:
        """Notify the owner of a contact that another subscriber asked for."""
        self._send("contact_taken", self.change.value, {"url": page_address(self.company, "login")})

    def warn(self, stop_url: str) -> None:
        """Warn the contact in force: the old one, or else the person's other one."""
        recipient = self.change.old_value or self.subscriber.email or str(self.subscriber.phone)
        context = {
            "is_email": self._is_email,
            "new_value": contact_masked(self.change.value),
            "url": stop_url,
            "days": settings.CONTACT_UNDO_DAYS,
        }
        self._send("contact_change_warning", recipient, context)
        person_notify(subscriber=self.subscriber, kind="contact_change_warning", context=context)

    @property
    def _is_email(self) -> bool:
        return self.change.kind == Kind.EMAIL

    def _send(self, kind: str, recipient: str, context: dict[str, Any]) -> None:
        message_send(
            kind=kind,
            recipient=recipient,
            channel=Message.Channel.EMAIL if "@" in recipient else Message.Channel.SMS,
            context={"company_name": self.company.name, **context},
            person=None if kind == "contact_taken" else self.subscriber.pk,
        )
