"""Finding a booking again whose link is lost: by a code to the contact that was given.

It is sent only where the contact has bookings to come; nothing else differs, and no answer says which it was.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.appointments.exceptions import CodeNotSent, CodeTooSoon
from cabinet.appointments.lifecycle.confirming import code_write
from cabinet.appointments.limits import may_code_be_sent
from cabinet.appointments.models import FindingCode
from cabinet.appointments.selectors import appointments_found
from cabinet.subscribers.contacts import Contact
from portal.secrets import RESEND_AFTER, CodeSpent, CodeWrong


def finding_code_send(*, key: UUID, contact: Contact) -> None:
    """Send a code for a key, or a new one in place of the last. Raises CodeTooSoon and CodeNotSent."""
    _refuse_early(FindingCode.objects.filter(key=key).first())
    if not may_code_be_sent(contact):
        raise CodeNotSent
    with transaction.atomic():
        row = FindingCode.objects.select_for_update().filter(key=key).first()
        _refuse_early(row)
        row = row or FindingCode(key=key)
        code, row.sent_at = row.code_renew(), timezone.now()
        row.save()
        if appointments_found(contact).exists():
            code_write("appointment_find", contact, code)


def finding_confirm(*, key: UUID, code: str) -> None:
    """Use up a right code. Raises CodeSpent and, counted, CodeWrong."""
    with transaction.atomic():
        row = FindingCode.objects.select_for_update().filter(key=key).first()
        if row is None:
            raise CodeSpent
        right = row.code_check(code)
        if right:
            row.delete()
    if not right:  # after the commit, so that the try is counted
        raise CodeWrong(row.code_tries_left)


def _refuse_early(row: FindingCode | None) -> None:
    if row and row.sent_at > timezone.now() - RESEND_AFTER:
        raise CodeTooSoon
