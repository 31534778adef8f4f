"""SMS by SMS Aero."""

import structlog
from django.conf import settings
from django.utils import timezone

from portal.messaging.base import (
    ChannelDown,
    Failure,
    OutcomeUnknown,
    RecipientRefused,
    Sender,
    SendingFailed,
)
from portal.messaging.contrib.smsaero.client import (
    NoAnswer,
    NotSent,
    Refused,
    SmsAero,
    SmsAeroError,
)
from portal.messaging.contrib.smsaero.states import ASK_FIRST, digits, text_mark
from portal.messaging.handing import handed
from portal.messaging.models import Message, MessageSettings

log = structlog.get_logger(__name__)


class SmsAeroSender(Sender):
    identifier = "smsaero"

    def __init__(self) -> None:
        # It has left a request without an answer: each further one would be lost as well.
        self._is_silent = False

    def send(self, message: Message) -> None:
        if self._is_silent:
            _answers()
            self._is_silent = False
        sign, mark = _sign(), text_mark(message.text)

        def opened() -> None:
            # By the mark the SMS is found at the gateway if its answer, and its number with it, is lost.
            handed(message, provider_id=mark, ask_at=timezone.now() + ASK_FIRST)

        with SmsAero(opened) as gateway:
            try:
                data = gateway.call(
                    "sms/send", number=digits(message.recipient), sign=sign, text=message.text
                )
            except NotSent as error:
                raise ChannelDown(error.reason, Failure.UNREACHABLE) from None
            except NoAnswer as error:
                self._is_silent = True
                raise OutcomeUnknown(error.reason) from None
            except Refused as error:
                raise _refused(error) from None
        number = data.get("id") if isinstance(data, dict) else None
        message.provider_id = "" if number is None else str(number)


def _answers() -> None:
    """Ask something that may be asked twice. Raises ChannelDown where the gateway does not answer."""
    with SmsAero() as gateway:
        try:
            gateway.call("balance")
        except SmsAeroError as error:
            raise ChannelDown(error.reason, Failure.UNREACHABLE) from None


def _sign() -> str:
    """Return whom the company's SMS are from. One query."""
    own = MessageSettings.objects.filter(site__is_default_site=True)
    return own.values_list("sms_sender", flat=True).first() or settings.SMSAERO_SIGN


def _refused(error: Refused) -> SendingFailed:
    if error.fields & {"number", "numbers"}:
        return RecipientRefused(error.reason, Failure.NO_SUCH)
    log.error("the SMS gateway refuses us", status=error.status, fields=sorted(error.fields))
    if "text" in error.fields:
        return SendingFailed(error.reason)
    # No money, a wrong key, a name of a sender that is not agreed: nothing goes out until somebody acts.
    return ChannelDown(error.reason, Failure.UNREACHABLE)
