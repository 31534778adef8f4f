"""The interface of a sender of messages."""

from abc import ABC, abstractmethod

from portal.jobs import JobFailed
from portal.messaging.models import Message

Failure = Message.Failure


class SendingFailed(JobFailed):
    """The message did not go out and is tried again later. `reason` is free of personal data."""


class RecipientRefused(SendingFailed):
    """The address or number does not exist or takes no messages: the message is given up."""

    def __init__(self, reason: str, failure: Failure = Failure.REFUSED) -> None:
        super().__init__(reason, for_good=True)
        self.failure = failure


class OutcomeUnknown(SendingFailed):
    """The other side may have taken the message: it is never sent again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, for_good=True)


class Sender(ABC):
    """One way to bring a message of one channel to a person."""

    identifier: str

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send over the network, outside any transaction.

        Sets `message.provider_id` where the other side gives one. Raises SendingFailed when nothing was
        taken, RecipientRefused when it never will be, OutcomeUnknown when nobody can tell.
        """
