"""The ledger of consents: giving, withdrawing, and what is still to be asked."""

import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.subscribers.consents.documents import (
    USUAL_NUMBER,
    Document,
    Kind,
    document_of,
    documents_to_accept,
)
from cabinet.subscribers.models import Consent, ConsentText, PendingRegistration, Subscriber
from portal.http.addresses import RequestOrigin
from tenants.models import GasCompany


@transaction.atomic
def consents_give(
    *,
    documents: list[Document],
    company: GasCompany,
    origin: RequestOrigin,
    registration: PendingRegistration | None = None,
    subscriber: Subscriber | None = None,
    application_id: UUID | None = None,
    given_at: datetime.datetime | None = None,
) -> list[Consent]:
    """Write one row a document, for the registration, the application or the subscriber.

    `documents`: those whose boxes were ticked, as they were shown.
    """
    return Consent.objects.bulk_create(
        Consent(
            subscriber=subscriber,
            registration=registration,
            application_id=application_id,
            text=_copy_of(document),
            company=company,
            company_name=company.name,
            host=origin.host,
            address=origin.ip,
            given_at=given_at or timezone.now(),
        )
        for document in documents
    )


@transaction.atomic
def consent_withdraw(*, consent: Consent) -> Consent:
    """Note the withdrawal of a consent and of its earlier wordings; the first withdrawal counts.

    The caller starts what follows from it.
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
    """Return the one row of this wording; two requests at the same moment get the same row."""
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


def consents_of(subscriber: Subscriber) -> QuerySet[Consent]:
    """Return the person's consents with their texts, withdrawn ones too, latest first."""
    return subscriber.consents.select_related("text").order_by("-given_at", "pk")


def consent_missing(subscriber: Subscriber, company: GasCompany) -> Document | None:
    """Return the company's consent to processing if its present wording was not agreed to.

    The company's schema is entered.
    """
    document = document_of(Kind.CONSENT, company)
    if document is None:
        return None
    given = _in_force(subscriber, company).filter(text__text_hash=document.text_hash)
    return None if given.exists() else document


def documents_renewed(subscriber: Subscriber, company: GasCompany) -> list[Document]:
    """Return documents of which the person has agreed to an earlier wording only.

    Requisites that changed inside the usual wording do not count. The company's schema is entered.
    """
    given = _in_force(subscriber, company).values_list(
        "text__kind", "text__text_hash", "text__number"
    )
    known = list(given)
    agreed_kinds = {kind for kind, _hash, _number in known}
    same = {text_hash for _kind, text_hash, _number in known}
    usual = {kind for kind, _hash, number in known if number == USUAL_NUMBER}
    return [
        document
        for document in (documents_to_accept(company) if known else [])
        if document.kind in agreed_kinds
        and document.text_hash not in same
        and not (document.number == USUAL_NUMBER and document.kind in usual)
    ]


def consent_is_latest(consent: Consent) -> bool:
    """Return whether no later act of the same person has replaced the consent."""
    later = Consent.objects.filter(
        subscriber=consent.subscriber_id,
        company=consent.company_id,
        text__kind=consent.text.kind,
        given_at__gt=consent.given_at,
    )
    return not later.exists()


def _in_force(subscriber: Subscriber, company: GasCompany) -> QuerySet[Consent]:
    return Consent.objects.filter(subscriber=subscriber, company=company, withdrawn_at=None)
