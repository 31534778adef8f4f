"""Whose reading counts (decision 24): which replaces which of a day, what a new one is compared with."""

import datetime
from collections.abc import Iterable

from django.db.models import Q

from cabinet.meters.models import Reading
from cabinet.meters.models.readings import REPLACED_MARK
from cabinet.outgoing.models import Kind
from cabinet.outgoing.selectors import acknowledged_rows

# A guest has shown no more than what stands on a bill; a holder has proved the account, and a delegate sends
# for a holder; an operator has the person on the telephone, and the company answers for what he types.
_STRENGTH: dict[str, int] = {
    Reading.Channel.GUEST: 0,
    Reading.Channel.CABINET: 1,
    Reading.Channel.DELEGATE: 1,
    Reading.Channel.OPERATOR: 2,
}


def strength(channel: str) -> int:
    """Return what readings of a channel are worth beside others of the day: the greater replaces."""
    return _STRENGTH[channel]


def is_replaced(known: Reading, channel: str, *, is_acknowledged: bool) -> bool:
    """Return whether a reading of the channel replaces the portal's one of the same day.

    The stronger one does, also when billing has acknowledged the weaker. Of one strength the last one counts,
    be it another holder's or another guest's, until billing has acknowledged it. The weaker never does.
    """
    known_at, new_at = strength(known.source), strength(channel)
    return new_at > known_at or (new_at == known_at and not is_acknowledged)


def acknowledged_keys(readings: Iterable[Reading]) -> set[int]:
    """Return the keys of those that billing has acknowledged with the channel that they have now."""
    by_key = {reading.pk: reading for reading in readings}
    rows = acknowledged_rows(Kind.READINGS, list(by_key))
    return {
        pk
        for pk, row in rows.items()
        if row["source"].removesuffix(REPLACED_MARK) == by_key[pk].source
    }


def compared_with(channel: str) -> Q:
    """Return which readings a new one of the channel is compared with.

    A guest's with billing's alone: any question would tell a stranger what somebody has sent. A holder's also
    with those of cabinets: a guest's could make a true one look false.
    """
    if channel == Reading.Channel.GUEST:
        return Q(origin=Reading.Origin.BILLING)
    return ~Q(origin=Reading.Origin.PORTAL, source=Reading.Channel.GUEST)


def is_compared(reading: Reading, channel: str, day: datetime.date) -> bool:
    """Tell whether a new reading of the day is compared with this one, as `last_readings` finds it."""
    if reading.taken_on > day or reading.origin == Reading.Origin.BILLING:
        return reading.taken_on <= day
    is_trusted = channel != Reading.Channel.GUEST and not reading.is_guests
    return is_trusted and reading.taken_on < day
