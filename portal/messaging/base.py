"""The interface of a sender of messages."""

from abc import ABC, abstractmethod

from portal.jobs import JobFailed
from portal.messaging.models import Message


class SendingFailed(JobFailed):
    """The message did not go out and is tried again later. `reason` is free of personal data."""


class RecipientRefused(SendingFailed):
    """The address or number does not exist or takes no messages: the message is given up."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, for_good=True)


class Sender(ABC):
    """One way to bring a message of one channel to a person.

    A kill between `send` and our note of it sends the message again: a sender passes `message.pk` on
    where the other side can tell by it that it knows the message already.
    """

    identifier: str

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send over the network, outside any transaction. Raises SendingFailed or RecipientRefused."""
