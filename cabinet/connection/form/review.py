"""What an application still lacks, and what is written when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.connection.answers import Step
from cabinet.connection.checklist import papers_missing
from cabinet.connection.form.forms import ApplicantForm, ObjectForm
from cabinet.connection.lifecycle.by_applicant import Copies, application_submit
from cabinet.connection.models import ConnectionApplication
from cabinet.subscribers.consents.documents import ConsentField, Document, Kind, documents_to_accept
from cabinet.subscribers.consents.services import consent_missing, consents_give
from cabinet.subscribers.models import Consent, Subscriber
from portal.http.addresses import RequestOrigin
from portal.messaging.registry import channel_available
from tenants.models import GasCompany


@dataclass(frozen=True)
class Lack:
    """What a step still lacks."""

    step: Step
    texts: list[str]


def lacks_of(draft: ConnectionApplication, *, is_guest: bool) -> list[Lack]:
    """Return what is missing, by step, in their order."""
    answers = draft.answers
    applicant = ApplicantForm(
        answers.get(Step.APPLICANT) or {}, is_guest=is_guest, is_sms=channel_available("sms")
    )
    place = ObjectForm(answers.get(Step.OBJECT) or {})
    lacks = [
        Lack(Step.APPLICANT, _texts(applicant)),
        Lack(Step.OBJECT, _texts(place)),
        Lack(Step.EQUIPMENT, _equipment(answers.get(Step.EQUIPMENT) or {})),
        Lack(Step.PAPERS, [one.name for one in papers_missing(draft)]),
    ]
    return [one for one in lacks if one.texts]


def _texts(form: forms.Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _equipment(stored: dict[str, Any]) -> list[str]:
    return [] if stored.get("units") else [_("Выберите хотя бы одно оборудование.")]


_WITHOUT = {
    Kind.CONSENT: gettext_lazy("Без согласия мы не вправе передать заявку."),
}


class SendForm(forms.Form):
    """The consents that are still to be given."""

    def __init__(self, *args: Any, documents: list[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for document in documents:
            required = _WITHOUT.get(Kind(document.kind))
            self.fields[document.kind] = ConsentField(document, required=required)

    @property
    def accepted(self) -> list[Document]:
        return list(self.cleaned_data.values())


def documents_wanted(
    draft: ConnectionApplication, person: Subscriber | None, company: GasCompany
) -> list[Document]:
    """Return the documents that the applicant has not agreed to yet, as they are worded now."""
    if person:
        missing = consent_missing(person, company)
        return [missing] if missing else []
    given = set(
        Consent.objects.filter(application_id=draft.key).values_list("text__text_hash", flat=True)
    )
    wanted = [one for one in documents_to_accept(company) if one.kind != Kind.TERMS]
    return [one for one in wanted if one.text_hash not in given]


def consents_note(
    *,
    draft: ConnectionApplication,
    documents: list[Document],
    person: Subscriber | None,
    company: GasCompany,
    origin: RequestOrigin,
) -> None:
    """Write down what was agreed to: by the person, or by whoever fills in the draft."""
    consents_give(
        documents=documents,
        company=company,
        origin=origin,
        subscriber=person,
        application_id=None if person else draft.key,
    )


@transaction.atomic
def draft_submit(*, draft: ConnectionApplication) -> ConnectionApplication:
    """Submit a complete draft, with copies of its answers for lists. Again, it changes nothing.

    Raises ApplicationIncomplete and ConnectionOff.
    """
    applicant = draft.answers.get(Step.APPLICANT) or {}
    place = draft.answers.get(Step.OBJECT) or {}
    flow = (draft.answers.get(Step.EQUIPMENT) or {}).get("flow")
    copies = Copies(
        applicant_name=applicant.get("name", ""),
        phone=applicant.get("phone", ""),
        email=applicant.get("email", ""),
        address=place.get("address", ""),
        cadastral_number=place.get("land_number") or place.get("house_number") or "",
        flow=Decimal(flow) if flow else None,
    )
    return application_submit(application_pk=draft.pk, copies=copies)
