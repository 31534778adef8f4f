"""Another e-mail address or telephone: asked with the password, confirmed from the new one, and for some
days stopped from the old one.
"""

import datetime
import secrets
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from cabinet.subscribers.changes.letters import Letters
from cabinet.subscribers.models import ContactChange, Subscriber
from cabinet.subscribers.sessions import new_secret, secret_hash, sessions_end, subscriber_lock
from tenants.models import GasCompany

EMAIL_LINK = datetime.timedelta(hours=24)
SMS_CODE = datetime.timedelta(minutes=15)
RESEND_AFTER = datetime.timedelta(minutes=1)
TRIES = 5

Kind = ContactChange.Kind


class ChangeExpired(Exception):
    """Unknown, too old, stopped, or of somebody else."""


class ChangeTooSoon(Exception):
    """The last letter or SMS went out less than a minute ago."""


class ContactTaken(Exception):
    """Somebody else has confirmed this address or telephone in the meantime."""


class WrongCode(Exception):
    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


def change_waiting(subscriber: Subscriber, kind: str) -> ContactChange | None:
    """The change that awaits its confirmation."""
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
    address_of: Callable[[str, str], str],
) -> ContactChange:
    """Write to the new address or telephone, and warn the old one. The password has been checked.

    `address_of(name, secret)` makes an absolute address. Does the same whether somebody else has the
    new contact; then its owner learns of it and there is nothing to confirm. Raises ChangeTooSoon and,
    for who was deleted meanwhile, ChangeExpired.
    """
    locked = subscriber_lock(subscriber.pk)
    if locked is None:
        raise ChangeExpired
    now = timezone.now()
    waiting = locked.contact_changes.filter(kind=kind, confirmed_at=None)
    if waiting.filter(sent_at__gt=now - RESEND_AFTER).exists():
        raise ChangeTooSoon
    waiting.delete()
    stop, change_id = new_secret(), uuid.uuid4()
    confirm = new_secret() if kind == Kind.EMAIL else f"{secrets.randbelow(10**6):06d}"
    change = ContactChange.objects.create(
        id=change_id,
        subscriber=locked,
        kind=kind,
        value=value,
        old_value=getattr(locked, kind) or "",
        confirm_hash=secret_hash(confirm) if kind == Kind.EMAIL else _keyed(change_id, confirm),
        stop_hash=secret_hash(stop),
        tries_left=TRIES,
        sent_at=now,
        expires_at=now + (EMAIL_LINK if kind == Kind.EMAIL else SMS_CODE),
    )
    letters = Letters(change=change, subscriber=locked, company=company)
    if Subscriber.objects.filter(**{kind: value}).exists():
        letters.taken()
    else:
        letters.confirm(confirm, address_of("email_confirm", confirm))
    letters.warn(address_of("change_stop", stop))
    return change


@transaction.atomic
def email_confirm(*, subscriber: Subscriber, secret: str) -> ContactChange:
    """The new address is the person's. Twice is as good as once.

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
    """The change behind a letter's link, if it is this person's and still good (or already done)."""
    change = ContactChange.objects.filter(
        confirm_hash=secret_hash(secret), subscriber=subscriber, kind=Kind.EMAIL
    ).first()
    if change and change.confirmed_at is None and change.expires_at <= timezone.now():
        return None
    return change


def phone_confirm(*, subscriber: Subscriber, code: str) -> ContactChange:
    """The code of the SMS, spaces and all. Raises ChangeExpired, ContactTaken and, counted, WrongCode."""
    typed = "".join(sign for sign in code if sign.isdigit())
    with transaction.atomic():
        locked = subscriber_lock(subscriber.pk)
        change = change_waiting(locked, Kind.PHONE) if locked else None
        if locked is None or change is None or change.tries_left < 1:
            raise ChangeExpired
        right = constant_time_compare(change.confirm_hash, _keyed(change.pk, typed))
        if right:
            _apply(locked, change)
        else:
            change.tries_left -= 1
            change.save(update_fields=["tries_left"])
    if not right:  # after the commit, so that the try is counted
        raise WrongCode(change.tries_left)
    return change


def change_to_stop(secret: str) -> ContactChange | None:
    """The change that a warning's link is about, while it may be stopped."""
    change = ContactChange.objects.filter(stop_hash=secret_hash(secret)).first()
    return change if change and _may_be_stopped(change) else None


def _may_be_stopped(change: ContactChange) -> bool:
    undo = datetime.timedelta(days=settings.CONTACT_UNDO_DAYS)
    return timezone.now() <= (change.confirmed_at or change.expires_at) + undo


@transaction.atomic
def change_stop(*, secret: str) -> ContactChange:
    """Take a change back and shut out whoever made it: they know the password.

    All logins end, the password is worth nothing any more, the old contact is in force again and leads
    to a new password. Changes made after this one go too, and so does what was done to the other contact
    in the same days: a thief's telephone would lead back in. Raises ChangeExpired and, if somebody has
    taken the old contact, ContactTaken.
    """
    found = change_to_stop(secret)
    locked = subscriber_lock(found.subscriber_id) if found else None
    change = change_to_stop(secret)
    if change is None or locked is None:
        raise ChangeExpired
    later = locked.contact_changes.filter(kind=change.kind, sent_at__gte=change.sent_at)
    if later.exclude(confirmed_at=None).exists():
        setattr(locked, change.kind, change.old_value or None)
    other = [
        one
        for one in locked.contact_changes.exclude(kind=change.kind).order_by("-sent_at")
        if one.confirmed_at and _may_be_stopped(one)
    ]
    for one in other:
        setattr(locked, one.kind, _still_free(one) or None)
    locked.password = make_password(None)
    _save(locked, ["email", "phone", "password"])
    later.delete()
    locked.contact_changes.filter(pk__in=[one.pk for one in other]).delete()
    locked.contact_changes.filter(confirmed_at=None).delete()
    locked.temporary_passwords.all().delete()
    sessions_end(subscriber=locked)
    return change


def _still_free(change: ContactChange) -> str:
    """The contact before this change, unless it is somebody else's by now; then there is none."""
    others = Subscriber.objects.exclude(pk=change.subscriber_id)
    return "" if others.filter(**{change.kind: change.old_value}).exists() else change.old_value


def changes_forget() -> int:
    """Delete those that can be neither confirmed nor stopped any more. Returns how many."""
    undo = timezone.now() - datetime.timedelta(days=settings.CONTACT_UNDO_DAYS)
    gone = ContactChange.objects.filter(expires_at__lt=undo, confirmed_at=None)
    done = ContactChange.objects.filter(confirmed_at__lt=undo)
    return gone.delete()[0] + done.delete()[0]


def _apply(locked: Subscriber, change: ContactChange) -> None:
    setattr(locked, change.kind, change.value)
    _save(locked, [change.kind])
    change.confirmed_at = timezone.now()
    change.save(update_fields=["confirmed_at"])


def _save(locked: Subscriber, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            locked.save(update_fields=fields)
    except IntegrityError as error:
        raise ContactTaken from error


def _keyed(change_id: uuid.UUID, code: str) -> str:
    """A code of six digits is guessed from a plain hash in no time; without the server's key it is not."""
    key = salted_hmac("cabinet.subscribers.changes", f"{change_id}:{code}", algorithm="sha256")
    return key.hexdigest()
