"""By which channels a person hears of which kind."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.urls import reverse

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
    """Save what a person has chosen for some kinds and channels; only what differs from the usual is stored.

    What this company has written by a way that is off now, and nobody has begun to send, is dropped.
    Does nothing when the person is gone.
    """
    locked = Subscriber.objects.select_for_update(no_key=True).filter(pk=person).first()
    if locked is None:
        return
    rows = NotificationWay.objects.filter(subscriber=locked)
    usual = [pair for pair, is_on in chosen.items() if is_on == (pair[1] in KINDS[pair[0]].usual)]
    for kind in {kind for kind, _ in usual}:
        rows.filter(kind=kind, channel__in=[one for other, one in usual if other == kind]).delete()
    NotificationWay.objects.bulk_create(
        [
            NotificationWay(subscriber=locked, kind=kind, channel=channel, is_on=is_on)
            for (kind, channel), is_on in chosen.items()
            if (kind, channel) not in usual
        ],
        update_conflicts=True,
        unique_fields=["subscriber", "kind", "channel"],
        update_fields=["is_on"],
    )
    for channel in Channel.values:
        kinds = {
            KINDS[kind].message
            for (kind, one), is_on in chosen.items()
            if one == channel and not is_on
        }
        if kinds:
            messages_drop_to(person, channel, kinds=kinds)


def off_path(person: UUID, kind: str, channel: str) -> str:
    """Return the path that switches one kind off by one channel without a login, for this person alone."""
    return reverse("notifications:off", args=[_off_token.make([str(person), kind, channel])])


def off_token_read(token: str) -> tuple[UUID, str, str] | None:
    """Return person, kind and channel; None for a token that this company did not make."""
    content = _off_token.read(token)
    if content is None or content[1] not in KINDS or KINDS[content[1]].is_protective:
        return None
    return UUID(content[0]), content[1], content[2]
