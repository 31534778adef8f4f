"""Messages in MAX, from the company's own bot."""

from cabinet.max.client import (
    MaxBlocked,
    MaxFailed,
    MaxNoSuchUser,
    MaxRefused,
    MaxUnknown,
    message_write,
)
from cabinet.max.selectors import bot_token
from portal.messaging.base import OutcomeUnknown, RecipientRefused, Sender, SendingFailed
from portal.messaging.handing import handed
from portal.messaging.models import Message

Failure = Message.Failure


class MaxSender(Sender):
    """Writes to the user of MAX whose number is the message's recipient."""

    identifier = "max"

    def send(self, message: Message) -> None:
        if message.is_secret:
            raise RecipientRefused("secret")
        token = bot_token()
        if not token:
            raise SendingFailed("no bot")
        handed(message)
        try:
            message.provider_id = message_write(
                token, user_id=message.recipient, text=message.text or ""
            )
        except MaxBlocked as error:
            raise RecipientRefused(error.reason, Failure.BLOCKED) from error
        except MaxNoSuchUser as error:
            raise RecipientRefused(error.reason, Failure.NO_SUCH) from error
        except MaxRefused as error:
            raise RecipientRefused(error.reason) from error
        except MaxFailed as error:
            raise SendingFailed(error.reason) from error
        except MaxUnknown as error:
            raise OutcomeUnknown(error.reason) from error
