"""Whom the letters of a company are from, where answers go, and a letter to try it with."""

from django.db import transaction
from limits import RateLimitItemPerHour
from wagtail.models import Site

from portal.audit.changes import changes_between, row_values
from portal.audit.services import audit_write
from portal.limits import RateLimit
from portal.messaging.letterhead import TEST
from portal.messaging.models import Message, MessageSettings
from portal.messaging.services import message_send
from portal.staff.models import StaffUser

FIELDS = ("sender_name", "reply_to", "signature")
# A button that writes letters is no way to fill a mailbox.
_TESTS = RateLimit("letter:test", RateLimitItemPerHour(10))


class TooManyTests(Exception):
    """One person has asked for too many letters to try."""


@transaction.atomic
def letters_save(*, actor: StaffUser, sender_name: str, reply_to: str, signature: str) -> bool:
    """Set what all letters of the current schema have; return whether anything changed."""
    site = Site.objects.get(is_default_site=True)
    own, _new = MessageSettings.objects.select_for_update().get_or_create(site=site)
    before = row_values(own, FIELDS)
    own.sender_name, own.reply_to, own.signature = sender_name, reply_to, signature
    changes = changes_between(before, row_values(own, FIELDS))
    if changes:
        own.save(update_fields=FIELDS)
        audit_write(actor=actor, action="message.letters", changes=changes)
    return bool(changes)


def letter_test(*, actor: StaffUser, company_name: str) -> Message:
    """Write a letter to a member of staff, at the address of their own. Raises TooManyTests."""
    if not _TESTS.try_spend(str(actor.pk), when_down=True):
        raise TooManyTests
    with transaction.atomic():
        return message_send(
            kind=TEST, recipient=actor.email, context={"company_name": company_name}
        )
