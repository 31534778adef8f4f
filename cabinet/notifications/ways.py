"""By which channels a person hears of which kind."""

from collections.abc import Collection, Mapping
from uuid import UUID

from cabinet.notifications.kinds import KINDS
from cabinet.subscribers.models import NotificationWay

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
    return (KINDS[kind].usual | on) - (chosen.keys() - on)
