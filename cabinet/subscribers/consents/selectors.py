"""What a person has agreed to, and what is still to be asked."""

from django.db.models import QuerySet

from cabinet.subscribers.consents.documents import (
    USUAL_NUMBER,
    Document,
    Kind,
    document_of,
    documents_to_accept,
)
from cabinet.subscribers.models import Consent, Subscriber
from tenants.models import GasCompany


def consents_of(subscriber: Subscriber) -> QuerySet[Consent]:
    """All that the person has agreed to, withdrawn ones too, latest first; `text` is fetched along."""
    return subscriber.consents.select_related("text").order_by("-given_at", "pk")


def consent_missing(subscriber: Subscriber, company: GasCompany) -> Document | None:
    """The company's consent to processing, if the person has not given it in its present wording.

    The company's schema is entered.
    """
    document = document_of(Kind.CONSENT, company)
    if document is None:
        return None
    given = _in_force(subscriber, company).filter(text__text_hash=document.text_hash)
    return None if given.exists() else document


def documents_renewed(subscriber: Subscriber, company: GasCompany) -> list[Document]:
    """Documents of which the person has agreed to an earlier wording only; the schema is entered.

    Requisites that changed inside the usual wording do not make it another one.
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
    """Whether no later act of the same person has replaced it."""
    later = Consent.objects.filter(
        subscriber=consent.subscriber_id,
        company=consent.company_id,
        text__kind=consent.text.kind,
        given_at__gt=consent.given_at,
    )
    return not later.exists()


def _in_force(subscriber: Subscriber, company: GasCompany) -> QuerySet[Consent]:
    return Consent.objects.filter(subscriber=subscriber, company=company, withdrawn_at=None)
