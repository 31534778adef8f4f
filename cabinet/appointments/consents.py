"""What is agreed to by who books or waits without an account: rows in public, under the key of his form."""

from collections.abc import Iterable
from uuid import UUID

from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest
from cabinet.subscribers.models import Consent
from portal.http.addresses import RequestOrigin


def consent_note(
    request: CabinetRequest | SubscriberRequest, form_key: UUID, document: Document | None
) -> None:
    """Write down once that the sender of a form agrees to a document; of who is logged in, as his own."""
    person = request.subscriber
    if document is None:
        return
    given = (
        Consent.objects.filter(
            subscriber=person,
            company=request.tenant,
            text__text_hash=document.text_hash,
            withdrawn_at=None,
        )
        if person
        else Consent.objects.filter(application_id=form_key)
    )
    if given.exists():
        return
    consents_give(
        documents=[document],
        company=request.tenant,
        origin=RequestOrigin.of(request),
        subscriber=person,
        application_id=None if person else form_key,
    )


def consent_move(form_key: UUID, to_key: UUID) -> None:
    """Let a consent go with what the form has become: a place in the waiting list, a booking."""
    Consent.objects.filter(application_id=form_key).update(application_id=to_key)


def consents_forget(form_keys: Iterable[UUID]) -> None:
    """Delete the consents of forms whose senders are not known any more."""
    Consent.objects.filter(application_id__in=list(form_keys)).delete()
