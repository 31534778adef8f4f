"""What a sender of messages must do."""

from abc import ABC, abstractmethod

from portal.messaging.models import Message


class SendingFailed(Exception):
    """It did not go out; the outbox tries again later. `reason` is short and free of personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RecipientRefused(SendingFailed):
    """It never will: the address or number does not exist, or takes no messages."""


class Sender(ABC):
    """One way to bring a message of one channel to a person.

    A kill between `send` and our note of it sends the message again: a sender passes `message.pk` on
    where the other side can tell by it that it knows the message already.
    """

    identifier: str

    @abstractmethod
    def send(self, message: Message) -> None:
        """Over the network, outside any transaction. Raises SendingFailed or RecipientRefused."""
