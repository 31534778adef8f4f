"""The senders, and which of them serves a channel."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.messaging.base import Sender

_senders: dict[str, Sender] = {}


def sender_register(sender: Sender) -> None:
    """Make a sender available under its identifier."""
    _senders[sender.identifier] = sender


def channel_available(channel: str) -> bool:
    """Return whether messages of this channel can be sent here; else no code is offered by it."""
    return bool(settings.MESSAGE_SENDERS.get(channel))


def sender_for(channel: str) -> Sender:
    """Return the sender that `MESSAGE_SENDERS` names. Raises ImproperlyConfigured without one."""
    name = settings.MESSAGE_SENDERS.get(channel, "")
    try:
        return _senders[name]
    except KeyError as error:
        raise ImproperlyConfigured(
            f"MESSAGE_SENDERS names {name!r} for {channel!r}, which is none of {sorted(_senders)}."
        ) from error


def senders_in_use() -> list[Sender]:
    """Return the senders of all channels that have one here."""
    names = {name for name in settings.MESSAGE_SENDERS.values() if name}
    return [sender for name, sender in _senders.items() if name in names]
