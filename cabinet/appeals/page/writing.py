"""The page of a new appeal: the kind, its form with files and draft, and the sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.selectors import subject_of
from cabinet.appeals.attachments import Attachments, attachments_of
from cabinet.appeals.centre.incidents import incidents_of
from cabinet.appeals.kinds.forms import AppealForm, typed_in, writer_name
from cabinet.appeals.kinds.selectors import kind_offered, kinds_offered
from cabinet.appeals.lifecycle.opening import appeal_open
from cabinet.appeals.limits import may_person_write
from cabinet.appeals.models import Appeal, AppealDraft, AppealKind
from cabinet.appeals.page.drafts import draft_save, drafts_of
from cabinet.subscribers.contacts import contacts_initial
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest
from portal.formats.text import clean_text

# Buttons of the page that do not send it.
_STAYS = frozenset({"kind", "attach"})
# What the address may say; nobody is led to a text that somebody else has written.
_ASKED = ("kind", "from", "object")
_CONTEXT = 300


@dataclass
class WritingPage:
    """What the page shows; `form` None until a kind is chosen."""

    request: SubscriberRequest
    access: AccountAccess
    typed: dict[str, Any]
    form_key: UUID
    kind: AppealKind | None
    attachments: Attachments
    form: AppealForm | None = None
    # The appeal that was already sent by the form that has come again with another text.
    sent_before: Appeal | None = None
    is_too_often: bool = False
    kinds: list[AppealKind] = field(default_factory=kinds_offered)

    @property
    def source(self) -> str:
        return str(self.typed.get("from") or "")[:20]

    @property
    def about(self) -> str:
        return str(self.typed.get("object") or "")[:50]

    @cached_property
    def subject(self) -> str:
        """Return what the person came from, found anew: nothing of the address is believed."""
        person = self.request.subscriber.pk
        return subject_of(self.source, self.access, person, self.about)[:_CONTEXT]

    @property
    def is_file_required(self) -> bool:
        return self.kind is not None and self.kind.files == AppealKind.Files.REQUIRED

    def context(self) -> dict[str, Any]:
        drafts = drafts_of(self.request.subscriber.pk, self.access.account)
        return {
            "access": self.access,
            "incidents": incidents_of(self.access.account),
            "page": self,
            "form": self.form,
            "drafts": [one for one in drafts if one.form_key != self.form_key],
        }


def page_shown(request: SubscriberRequest, access: AccountAccess) -> WritingPage:
    """Return the page as it opens: empty, with a draft, or with what a lost session has typed."""
    draft = _draft_wanted(request, access)
    asked = {name: request.GET[name] for name in _ASKED if name in request.GET}
    typed = {**asked, **(draft.data if draft else {}), **recovered_initial(request)}
    key = _key(typed.get("form_key")) or uuid4()
    kind = kind_offered(typed.get("kind", ""))
    page = WritingPage(request, access, typed, key, kind, _attached(request, key, kind))
    if kind or draft:
        page.form = _form(page, None)
    return page


def page_sent(request: SubscriberRequest, access: AccountAccess) -> WritingPage | Appeal:
    """Take a POST: return the appeal that it has sent, or the page with what was typed."""
    typed = typed_in(request.POST)
    key, person = _key(typed.get("form_key")) or uuid4(), request.subscriber.pk
    before = Appeal.objects.filter(form_key=key, subscriber_id=person).first()
    if before and _is_same(before, typed):
        return before
    if before:
        key = uuid4()
    kind = kind_offered(typed.get("kind", ""))
    page = WritingPage(request, access, typed, key, kind, _attached(request, key, kind))
    page.sent_before = before
    draft_save(form_key=key, person=person, account=access.account, kind=kind, typed=typed)
    stays = "remove" in typed or typed.get("action") in _STAYS or before
    page.form = _form(page, None if stays else typed)
    if stays:
        return page
    return _sent(page) or page


def _sent(page: WritingPage) -> Appeal | None:
    form, files, kind = page.form, page.attachments, page.kind
    if form is None:
        return None
    is_valid = form.is_valid()
    for error in files.errors:
        form.add_error(None, error)
    if kind and page.is_file_required and not (files.stored or files.errors):
        files.errors.append(_file_wanted(kind))
        form.add_error(None, files.errors[0])
    if not is_valid or form.errors:
        return None
    if not may_person_write(page.request.subscriber.pk):
        page.is_too_often = True
        form.add_error(
            None,
            _("Сегодня вы отправили уже много обращений. Написанное сохранено: отправьте завтра."),
        )
        return None
    return appeal_send(page, form)


@transaction.atomic
def appeal_send(page: WritingPage, form: AppealForm) -> Appeal:
    """Open the appeal of a valid form, and delete its draft."""
    person = page.request.subscriber.pk
    appeal = appeal_open(
        source=Appeal.Source.CABINET,
        account=page.access.account,
        subscriber_id=person,
        context=page.subject,
        **{**form.given, "form_key": page.form_key},
    )
    AppealDraft.objects.filter(form_key=page.form_key, subscriber_id=person).delete()
    return appeal


def _form(page: WritingPage, data: dict[str, Any] | None) -> AppealForm:
    typed = {**page.typed, "form_key": page.form_key}
    return AppealForm(
        page.kind,
        None if data is None else {**data, "form_key": str(page.form_key)},
        contact_name=writer_name(page.access.account),
        initial={**contacts_initial(page.request.subscriber), **typed},
    )


def _attached(request: SubscriberRequest, key: UUID, kind: AppealKind | None) -> Attachments:
    hint = kind.files_hint if kind else ""
    return attachments_of(request, key, request.subscriber.pk, hint=hint)


def _draft_wanted(request: SubscriberRequest, access: AccountAccess) -> AppealDraft | None:
    key = _key(request.GET.get("draft"))
    drafts = drafts_of(request.subscriber.pk, access.account)
    return drafts.filter(form_key=key).first() if key else None


def _is_same(before: Appeal, typed: dict[str, Any]) -> bool:
    """Return whether a form that has come again says the same, so that nothing more is to be sent."""
    return clean_text(before.text) == clean_text(str(typed.get("text", "")))


def _file_wanted(kind: AppealKind) -> str:
    what = kind.files_hint.rstrip(".")
    return _("Приложите файл: %(what)s.") % {"what": what} if what else _("Приложите файл.")


def _key(text: Any) -> UUID | None:
    """Return a random key of a form; None for anything else."""
    try:
        key = UUID(str(text))
    except ValueError:
        return None
    return key if key.version == 4 else None
