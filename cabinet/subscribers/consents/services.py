"""Writing consents into the ledger and withdrawing them."""

import datetime

from django.db import transaction
from django.utils import timezone

from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.models import Consent, ConsentText, PendingRegistration, Subscriber
from tenants.models import GasCompany


@transaction.atomic
def consents_give(
    *,
    documents: list[Document],
    company: GasCompany,
    host: str,
    address: str,
    registration: PendingRegistration | None = None,
    subscriber: Subscriber | None = None,
    given_at: datetime.datetime | None = None,
) -> list[Consent]:
    """One row a document, of the registration or of the subscriber.

    `documents`: those whose boxes were ticked, as they were shown; `address`: the visitor's IP.
    """
    return Consent.objects.bulk_create(
        Consent(
            subscriber=subscriber,
            registration=registration,
            text=_copy_of(document),
            company=company,
            company_name=company.name,
            host=host,
            address=address,
            given_at=given_at or timezone.now(),
        )
        for document in documents
    )


@transaction.atomic
def consent_withdraw(*, consent: Consent) -> Consent:
    """Note when it was withdrawn; the first time counts. What follows of it is the caller's to start.

    Earlier wordings of it that the person has agreed to end with it.
    """
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    same = Consent.objects.filter(
        subscriber=consent.subscriber_id,
        registration=consent.registration_id,
        company=consent.company_id,
        text__kind=consent.text.kind,
        given_at__lte=consent.given_at,
        withdrawn_at=None,
    )
    same.update(withdrawn_at=timezone.now())
    consent.refresh_from_db()
    return consent


def _copy_of(document: Document) -> ConsentText:
    """The wording, kept once whoever agrees to it; two at the same moment get the same row."""
    copy, _is_new = ConsentText.objects.get_or_create(
        text_hash=document.text_hash,
        defaults={
            "kind": document.kind,
            "title": document.title,
            "number": document.number,
            "text": document.text,
        },
    )
    return copy
