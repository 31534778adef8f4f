"""The interface of a sender of messages."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext

from portal.jobs import JobFailed
from portal.messaging.models import Message

Failure = Message.Failure


class SendingFailed(JobFailed):
    """The other side has surely not taken the message, and it is tried again later.

    `reason` is free of personal data. `failure` says why, where the other side tells.
    """

    def __init__(
        self, reason: str, failure: Failure | None = None, *, for_good: bool = False
    ) -> None:
        super().__init__(reason, for_good=for_good)
        self.failure = failure


class ChannelDown(SendingFailed):
    """The server or gateway cannot be reached at all, so other messages need not be tried now."""


class RecipientRefused(SendingFailed):
    """The address or number does not exist or takes no messages: the message is given up."""

    failure: Failure

    def __init__(self, reason: str, failure: Failure = Failure.REFUSED) -> None:
        super().__init__(reason, failure, for_good=True)


class OutcomeUnknown(JobFailed):
    """The other side may have taken the message: it is never sent again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, for_good=True)


class Sender(ABC):
    """One way to bring a message of one channel to a person."""

    identifier: str

    def batch(self) -> AbstractContextManager[None]:
        """Keep what many messages can share, such as a connection, while they are sent."""
        return nullcontext()

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send over the network, outside any transaction.

        Calls `handed(message)` (portal/messaging/handing.py) right before what makes the other side take
        it, and sets `message.provider_id` where that gives one. Raises SendingFailed when nothing was
        taken, RecipientRefused when it never will be, OutcomeUnknown when nobody can tell.
        """
