"""By which channels a person hears of which kind."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cabinet.notifications.kinds import KINDS, Channel
from cabinet.subscribers.models import NotificationWay, Subscriber
from portal.messaging.services import messages_drop_to
from portal.secrets import SignedToken

_off_token = SignedToken("cabinet.notifications.off")

# Choices by person and kind: channel and whether it is on.
Choices = Mapping[tuple[UUID, str], Mapping[str, bool]]


def choices_of(persons: Collection[UUID]) -> Choices:
    """Return what these people have chosen where it differs from the usual: one query, in public."""
    found: dict[tuple[UUID, str], dict[str, bool]] = {}
    rows = NotificationWay.objects.filter(subscriber__in=persons)
    for person, kind, channel, is_on in rows.values_list("subscriber", "kind", "channel", "is_on"):
        found.setdefault((person, kind), {})[channel] = is_on
    return found


def channels_of(choices: Choices, person: UUID, kind: str) -> frozenset[str]:
    """Return the channels that are on for a person and kind."""
    chosen = choices.get((person, kind), {})
    on = {channel for channel, is_on in chosen.items() if is_on}
    return ((KINDS[kind].usual | on) - (chosen.keys() - on)) & KINDS[kind].channels


@transaction.atomic
def ways_save(person: UUID, chosen: Mapping[tuple[str, str], bool]) -> None:
    """Save what a person has chosen for some kinds and channels; only what has changed is written.

    What this company has written by a way that is off now, and nobody has begun to send, is dropped.
    Does nothing when the person is gone.
    """
    locked = Subscriber.objects.select_for_update(no_key=True).filter(pk=person).first()
    if locked is None:
        return
    choices, now = choices_of({person}), timezone.now()
    NotificationWay.objects.bulk_create(
        [
            NotificationWay(
                subscriber=locked, kind=kind, channel=channel, is_on=is_on, changed_at=now
            )
            for (kind, channel), is_on in chosen.items()
            if is_on != (channel in channels_of(choices, person, kind))
        ],
        update_conflicts=True,
        unique_fields=["subscriber", "kind", "channel"],
        update_fields=["is_on", "changed_at"],
    )
    for channel in Channel.values:
        kinds = {
            KINDS[kind].message
            for (kind, one), is_on in chosen.items()
            if one == channel and not is_on
        }
        if kinds:
            messages_drop_to(person, channel, kinds=kinds)


@dataclass(frozen=True)
class OffLink:
    """What a letter's link switches off, and when it was written."""

    person: UUID
    kind: str
    channel: str
    written_at: datetime.datetime


def off_path(person: UUID, kind: str, channel: str) -> str:
    """Return the path that switches one kind off by one channel without a login, for this person alone."""
    content = [str(person), kind, channel, timezone.now().isoformat()]
    return reverse("notifications:off", args=[_off_token.make(content)])


def off_token_read(token: str) -> OffLink | None:
    """Return what a token switches off; None for one that this company did not make."""
    content = _off_token.read(token)
    if content is None or content[1] not in KINDS or KINDS[content[1]].is_protective:
        return None
    person, kind, channel, written_at = content
    return OffLink(UUID(person), kind, channel, datetime.datetime.fromisoformat(written_at))


def way_off(link: OffLink) -> bool:
    """Switch off by a letter's link; False where the person has switched it on since the letter."""
    mine = NotificationWay.objects.filter(
        subscriber=link.person, kind=link.kind, channel=link.channel
    )
    if mine.filter(is_on=True, changed_at__gt=link.written_at).exists():
        return False
    ways_save(link.person, {(link.kind, link.channel): False})
    return True
