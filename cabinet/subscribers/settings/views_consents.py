"""The person's consents, and withdrawing the consent to processing."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cabinet.subscribers.consents.documents import Kind
from cabinet.subscribers.consents.services import (
    consent_is_latest,
    consent_withdraw,
    consents_of,
    documents_renewed,
)
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import PersonJob
from cabinet.subscribers.personal_data.deletion import deletion_ask, deletion_days
from cabinet.subscribers.sessions import session_end
from portal.formats.dates import long_day

Reason = PersonJob.Reason


@subscriber_required
def consent_list(request: SubscriberRequest) -> HttpResponse:
    context = {
        "consents": consents_of(request.subscriber),
        "renewed": documents_renewed(request.subscriber, request.tenant),
    }
    return render(request, "cabinet/subscribers/settings/consents.html", context)


@subscriber_required
def consent_page(request: SubscriberRequest, consent_id: UUID) -> HttpResponse:
    """Show the text as it was agreed to, and withdraw the consent to processing."""
    consent = get_object_or_404(consents_of(request.subscriber), pk=consent_id)
    is_latest = consent_is_latest(consent)
    may_withdraw = consent.text.kind == Kind.CONSENT and consent.withdrawn_at is None and is_latest
    if request.method != "POST" or not may_withdraw:
        context = {
            "consent": consent,
            "may_withdraw": may_withdraw,
            "is_latest": is_latest,
            "days": deletion_days(Reason.CONSENT, request.tenant),
        }
        return render(request, "cabinet/subscribers/settings/consent.html", context)
    with transaction.atomic():
        job = deletion_ask(
            subscriber=request.subscriber, company=request.tenant, reason=Reason.CONSENT
        )
        consent_withdraw(consent=consent)
    response = redirect("subscribers:entry")
    session_end(request, response)
    if job:
        text = _(
            "Согласие отозвано. Личный кабинет и ваши данные будут удалены %(day)s Если передумаете, "
            "войдите до этого дня."
        )
        messages.success(request, text % {"day": long_day(job.due_at)})
    return response
