"""Drafts: saved at every step, deleted by their owner or sixty days after the last change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cabinet.connection.access import DRAFT_LIFETIME
from cabinet.connection.answers import Step
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from cabinet.subscribers.models import Consent
from portal.messaging.services import message_send
from portal.uploads.services import uploads_delete
from tenants.selectors import company_entered

_DRAFT = ConnectionApplication.State.DRAFT
_ANY = Q()


class DraftGone(Exception):
    """The application is sent or deleted meanwhile."""


def draft_start(
    *, key: UUID, answers: dict[str, Any], subscriber_id: UUID | None, secret_hash: str = ""
) -> ConnectionApplication | None:
    """Begin an application with the answers of its first step; None where the key is in use."""
    draft = ConnectionApplication(
        key=key,
        answers={Step.APPLICANT: answers},
        subscriber_id=subscriber_id,
        secret_hash="" if subscriber_id else secret_hash,
    )
    ConnectionApplication.objects.bulk_create([draft], ignore_conflicts=True)
    return ConnectionApplication.objects.filter(
        key=key, subscriber_id=subscriber_id, secret_hash=draft.secret_hash
    ).first()


@transaction.atomic
def draft_save(
    *, draft_pk: int, step: str, answers: dict[str, Any], subscriber_id: UUID | None = None
) -> ConnectionApplication:
    """Save the answers of a step; a person with a login becomes the owner. Raises DraftGone.

    A code that went to another contact confirms nothing of a new one.
    """
    draft = draft_locked(draft_pk)
    before = draft.contact
    draft.answers = {**draft.answers, step: answers}
    if draft.contact != before:
        draft.code_hash, draft.code_expires_at, draft.code_sent_at = "", None, None
    if subscriber_id and draft.subscriber_id is None:
        draft.subscriber_id, draft.secret_hash = subscriber_id, ""
    code = ["code_hash", "code_expires_at", "code_sent_at"]
    draft.save(update_fields=["answers", "subscriber_id", "secret_hash", "changed_at", *code])
    return draft


def draft_locked(draft_pk: int, *conditions: Q) -> ConnectionApplication:
    """Lock a draft and return it as it is now. Raises DraftGone, also where a condition is not met."""
    rows = ConnectionApplication.objects.select_for_update(of=("self",))
    draft = rows.filter(*conditions, pk=draft_pk, state=_DRAFT).first()
    if draft is None:
        raise DraftGone
    return draft


@transaction.atomic
def draft_delete(*, draft_pk: int, condition: Q = _ANY) -> bool:
    """Delete a draft with its papers and the consents that were given for it; return whether it was there.

    What is sent meanwhile, or does not meet the condition any more, stays.
    """
    try:
        draft = draft_locked(draft_pk, condition)
    except DraftGone:
        return False
    uploads_delete(ConnectionPaper.objects.filter(application=draft))
    Consent.objects.filter(application_id=draft.key).delete()
    draft.delete()
    return True


def drafts_forget() -> int:
    """Delete the drafts that nobody has changed for sixty days; return their number."""
    old = Q(changed_at__lt=timezone.now() - DRAFT_LIFETIME)
    drafts = ConnectionApplication.objects.filter(old, state=_DRAFT)
    found = list(drafts.values_list("pk", flat=True)[:1000])
    # Somebody may come back to one of them while the others are deleted.
    return sum(draft_delete(draft_pk=pk, condition=old) for pk in found)


def drafts_among(applications: QuerySet[ConnectionApplication]) -> list[ConnectionApplication]:
    """Return those that are not sent yet, the latest changed first."""
    return list(applications.filter(state=_DRAFT).order_by("-changed_at", "-pk")[:10])


def draft_link_send(*, email: str, secret: str) -> None:
    """Send a visitor the link by which what this browser has begun opens on another device."""
    company = company_entered()
    message_send(
        kind="connection_draft",
        recipient=email,
        context={
            "company_name": company.name,
            "url": f"{company.url}{reverse('connection:continue', args=[secret])}",
            "days": DRAFT_LIFETIME.days,
        },
    )
