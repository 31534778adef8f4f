"""The code by which a visitor without a login proves that an application's telephone is his.

It goes by SMS; where the company sends none, to the address that the application names.
"""

from django.db import transaction
from django.utils import timezone

from cabinet.connection.lifecycle.states import application_locked
from portal.messaging.models import Message
from portal.messaging.registry import channel_available
from portal.messaging.services import message_send
from portal.secrets import RESEND_AFTER, CodeWrong, code_for_people
from tenants.selectors import company_entered


class TooSoon(Exception):
    """The last code went out less than a minute ago: that one is still good."""


@transaction.atomic
def code_send(*, application_pk: int) -> None:
    """Send a new code to the contact of an application or its draft; the caller has counted it by limits.py.

    Raises TooSoon.
    """
    application = application_locked(application_pk)
    now = timezone.now()
    if application.code_sent_at and application.code_sent_at > now - RESEND_AFTER:
        raise TooSoon
    phone, email = application.contact
    code = application.code_renew()
    application.code_sent_at = now
    application.save(
        update_fields=["code_hash", "code_expires_at", "code_tries_left", "code_sent_at"]
    )
    by_sms = is_sms_sent() or not email
    message_send(
        kind="connection_code",
        recipient=phone if by_sms else email,
        channel=Message.Channel.SMS if by_sms else Message.Channel.EMAIL,
        context={"company_name": company_entered().name, "code": code_for_people(code)},
    )


def is_sms_sent() -> bool:
    """Return whether the company sends SMS."""
    return channel_available(Message.Channel.SMS)


def code_spend(*, application_pk: int, code: str) -> None:
    """Use up a right code. Raises CodeSpent and, counted, CodeWrong."""
    with transaction.atomic():
        application = application_locked(application_pk)
        right = application.code_check(code)
        if right:
            application.code_hash, application.code_expires_at = "", None
            application.save(update_fields=["code_hash", "code_expires_at"])
    if not right:  # after the commit, so that the try is counted
        raise CodeWrong(application.code_tries_left)
