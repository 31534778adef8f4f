"""Drafts of the linking wizard: what was typed so far, encrypted, for a day. Two tabs are two drafts."""

import datetime
import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from formtools.wizard.storage.base import BaseStorage

from cabinet.subscribers.models import LinkingDraft, Subscriber
from tenants.models import GasCompany

LIFETIME = datetime.timedelta(days=1)
MOST = 10  # of one person; the oldest go


def draft_start(
    subscriber: Subscriber,
    *,
    region: str,
    company: GasCompany | None = None,
    account_number: str = "",
) -> LinkingDraft:
    """Start a wizard with what is known already; the page of a later step asks for the rest.

    Nothing is checked here: the wizard checks each step by its form before it shows the next.
    """
    steps = {
        "region": {"region": region} if region else {},
        "company": {"company": company.schema_name} if company else {},
        "number": {"account_number": account_number} if account_number else {},
    }
    content = {"steps": {step: typed for step, typed in steps.items() if typed}}
    draft = LinkingDraft.objects.create(
        subscriber=subscriber,
        content=json.dumps(content),
        expires_at=timezone.now() + LIFETIME,
    )
    newest = LinkingDraft.objects.filter(subscriber=subscriber).order_by("-created_at", "-pk")
    LinkingDraft.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST:])).delete()
    return draft


def draft_of(subscriber: Subscriber, draft_id: UUID) -> LinkingDraft | None:
    """Return the person's draft, or None when it has expired or gone. Raises Http404 for another's."""
    draft = LinkingDraft.objects.filter(pk=draft_id).first()
    if draft is None:
        return None
    if draft.subscriber_id != subscriber.pk:
        raise Http404
    return draft if draft.expires_at > timezone.now() else None


def draft_finish(draft: LinkingDraft, link_id: UUID) -> None:
    """Forget what was typed; the draft's pages lead to the new link from now on."""
    draft.content = json.dumps({"linked": str(link_id)})
    draft.save(update_fields=["content"])


def draft_linked(draft: LinkingDraft) -> str:
    """Return the id of the link that a finished draft has made, or nothing."""
    return str(_content(draft).get("linked", ""))


def draft_account(draft: LinkingDraft) -> dict[str, str]:
    """Return region, company and number as they were typed, those of them that were."""
    known: dict[str, str] = {}
    for typed in _content(draft).get("steps", {}).values():
        for name in ("region", "company", "account_number"):
            if value := typed.get(name):
                known[name] = value[0] if isinstance(value, list) else value
    return known


def drafts_forget() -> int:
    """Delete expired drafts. Returns how many."""
    return LinkingDraft.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _content(draft: LinkingDraft) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(draft.content or "{}")
    return content


class DraftStorage(BaseStorage):
    """Where formtools keeps the answers: the draft of the request (`request.linking_draft`).

    The current step is the address's and is not stored, so that reading a page writes nothing.
    """

    def __init__(self, prefix: str, request: Any, file_storage: Any = None) -> None:
        super().__init__(prefix, request, file_storage)
        self.draft: LinkingDraft = request.linking_draft
        content = _content(self.draft)
        self.init_data()
        self.data[self.step_data_key] = {
            step: {
                name: value if isinstance(value, list) else [value] for name, value in typed.items()
            }
            for step, typed in content.get("steps", {}).items()
        }
        self.data[self.extra_data_key] = content.get("extra", {})
        self._stored = self._content()

    def _content(self) -> str:
        return json.dumps(
            {"steps": self.data[self.step_data_key], "extra": self.data[self.extra_data_key]}
        )

    def update_response(self, response: HttpResponseBase) -> None:
        """Write what has changed; formtools calls this after each request.

        Nothing into a draft that has made its link, perhaps by another request just now.
        """
        content = self._content()
        if content == self._stored:
            return
        with transaction.atomic():
            draft = LinkingDraft.objects.select_for_update().filter(pk=self.draft.pk).first()
            if draft and not draft_linked(draft):
                draft.content = content
                draft.save(update_fields=["content"])
        self._stored = content
