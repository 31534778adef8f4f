"""The moment from which a message may be with the other side: what makes sending happen at most once."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.jobs import job_renew
from portal.messaging.models import Message


def handed(message: Message, **fields: Any) -> None:
    """Commit that the other side may take the message from now on. Raises LeaseLost.

    A sender calls it, outside any transaction, right before the last byte or the request that makes the
    other side accept the message. A worker that dies later leaves a message that is never sent again. The
    sender then says how it ended: it returns, raises SendingFailed or RecipientRefused (surely not taken),
    or OutcomeUnknown. Any other exception counts as OutcomeUnknown. The lease begins anew, so the answer
    may take as long as `Message.LEASE`. `fields` of the message are written with it.
    """
    with transaction.atomic(durable=True):
        job_renew(message, handed_at=timezone.now(), template_id=message.template_id, **fields)
