"""Telling people what has happened: a row of the bell, and messages by the ways that they have chosen."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from cabinet.accounts.models import PersonalAccount
from cabinet.max.models import MaxChat
from cabinet.notifications.counts import unread_add
from cabinet.notifications.kinds import KINDS, Channel
from cabinet.notifications.models import Notification, SmsNumber
from cabinet.notifications.push.selectors import push_recipients
from cabinet.notifications.ways.choices import Choices, channels_of, choices_of, off_path
from cabinet.subscribers.models import Subscriber
from portal.messaging.services import File, Letter, StoredFile, messages_write
from tenants.selectors import current_company


@dataclass(frozen=True)
class Notice:
    """What has happened, for one person.

    `path` is the page of this host that it is about. `context` is the message's, JSON for kinds of the queue
    `bulk`; `mail_context` is what an e-mail says otherwise, and `files` go with it. `address` is a confirmed
    address to write to instead of the login's. With `only_bell` nothing is written elsewhere; `channels`, if
    given, limits the ways further. `may_sms` is asked before each SMS of a kind that strangers can make the
    company pay for.
    """

    subscriber: Subscriber
    kind: str
    title: str
    path: str
    text: str = ""
    account: PersonalAccount | None = None
    context: dict[str, Any] = field(default_factory=dict)
    mail_context: dict[str, Any] = field(default_factory=dict)
    files: tuple[File | StoredFile, ...] = ()
    address: str = ""
    channels: frozenset[str] | None = None
    may_sms: Callable[[], bool] | None = None
    only_bell: bool = False
    subscription: UUID | None = None
    mailing: UUID | None = None
    unsubscribe_url: str = ""
    expires_at: datetime.datetime | None = None


def notify(notice: Notice) -> None:
    """Tell one person of something, in the caller's transaction."""
    notify_many([notice])


@transaction.atomic(savepoint=False)
def notify_many(notices: Sequence[Notice]) -> int:
    """Tell many people, in the caller's transaction; return the number of messages written.

    A fixed number of statements whatever the number of notices. Runs in the company's schema.
    """
    if not notices:
        return 0
    Notification.objects.bulk_create(
        Notification(
            subscriber_id=one.subscriber.pk,
            account=one.account,
            kind=one.kind,
            title=one.title,
            text=one.text,
            path=one.path,
        )
        for one in notices
    )
    unread_add(Counter(one.subscriber.pk for one in notices))
    sent = [one for one in notices if KINDS[one.kind].message and not one.only_bell]
    return len(messages_write(_letters(sent)))


@dataclass(frozen=True)
class _Ways:
    """What people have chosen, and where each channel reaches them."""

    choices: Choices
    numbers: dict[UUID, list[str]]
    chats: dict[UUID, int]
    browsers: dict[UUID, list[str]]


def _letters(notices: Sequence[Notice]) -> list[Letter]:
    persons = {one.subscriber.pk for one in notices}
    if not persons:
        return []
    ways = _Ways(
        choices=choices_of(persons),
        numbers=_sms_numbers(persons),
        chats=_chats(persons),
        browsers=push_recipients(persons),
    )
    company = current_company()
    site = company.url if company else ""
    return [
        _letter(one, channel, recipient, site)
        for one in notices
        for channel, recipient in _recipients(one, ways)
    ]


def _letter(notice: Notice, channel: str, recipient: str, site: str) -> Letter:
    """Return the message; an e-mail always has a way out, that of its subscription or of its kind.

    A browser shows what anybody may see who looks at the device: what kind of thing has happened, and where.
    """
    context, off_url = notice.context, ""
    files: tuple[File | StoredFile, ...] = ()
    if channel == Channel.EMAIL:
        context, files = {**context, **notice.mail_context}, notice.files
        off_url = notice.unsubscribe_url
        if not off_url and site and not KINDS[notice.kind].is_protective:
            off_url = f"{site}{off_path(notice.subscriber.pk, notice.kind, channel)}"
            context = {**context, "off_url": off_url}
    elif channel == Channel.PUSH:
        context = {"title": str(KINDS[notice.kind].title), "path": notice.path}
    return Letter(
        kind=KINDS[notice.kind].message,
        recipient=recipient,
        channel=channel,
        context=context,
        person=notice.subscriber.pk,
        account_number=notice.account.account_number if notice.account else "",
        subscription=notice.subscription,
        mailing=notice.mailing,
        unsubscribe_url=off_url,
        files=files,
        expires_at=notice.expires_at,
    )


def _recipients(notice: Notice, ways: _Ways) -> Iterable[tuple[str, str]]:
    """Return channel and recipient of each message about a notice.

    To a login without an address an SMS goes instead of the letter, where the kind can go so.
    """
    person = notice.subscriber
    wanted = channels_of(ways.choices, person.pk, notice.kind)
    if notice.channels is not None:
        wanted &= notice.channels
    telephones = list(ways.numbers[person.pk]) if Channel.SMS in wanted else []
    if Channel.EMAIL in wanted:
        if address := notice.address or person.email:
            yield Channel.EMAIL, address
        elif person.phone and Channel.SMS in KINDS[notice.kind].channels:
            telephones.insert(0, person.phone)
    for number in dict.fromkeys(telephones):
        if notice.may_sms is None or notice.may_sms():
            yield Channel.SMS, number
    if Channel.MAX in wanted and person.pk in ways.chats:
        yield Channel.MAX, str(ways.chats[person.pk])
    if Channel.PUSH in wanted:
        for browser in ways.browsers.get(person.pk, ()):
            yield Channel.PUSH, browser


def _chats(persons: Iterable[UUID]) -> dict[UUID, int]:
    """Return the users of MAX that are switched on, by person."""
    rows = MaxChat.objects.filter(subscriber_id__in=persons, is_on=True)
    return dict(rows.values_list("subscriber_id", "user_id"))


def _sms_numbers(persons: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the confirmed telephones that are switched on, by person."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = SmsNumber.objects.filter(
        subscriber_id__in=persons, is_on=True, confirmed_at__isnull=False, refused_at=None
    )
    for person, number in rows.order_by("created_at").values_list("subscriber_id", "number"):
        found[person].append(number)
    return found
