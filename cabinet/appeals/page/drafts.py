"""What a person has typed and not sent: saved as he types and by each POST, deleted when it is sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.files import UNSENT_FOR, pending_files
from cabinet.appeals.models import Appeal, AppealDraft, AppealKind
from portal.formats.text import without_control
from portal.uploads.services import uploads_delete

MOST = 5  # of one person and account
LARGEST = 60_000  # signs of all fields together
# What alone is no draft: the form begins with it, or it is no writing.
_GIVEN = frozenset({"form_key", "kind", "from", "object", "email", "phone", "question"})
_BUTTONS = frozenset({"action", "remove"})


def draft_save(
    *,
    form_key: UUID,
    person: UUID,
    account: PersonalAccount,
    kind: AppealKind | None,
    typed: Mapping[str, Any],
) -> bool:
    """Save what was typed, in the place of what was saved under the key before; False for nothing to save.

    An appeal that was sent gets no draft again, however late a script saves.
    """
    data = _written(typed)
    size = sum(len(name) + len(value) for name, value in data.items())
    has_files = pending_files(form_key=form_key, subscriber_id=person).exists()
    if size > LARGEST or not (has_files or set(data) - _GIVEN):
        return False
    if Appeal.objects.filter(form_key=form_key).exists():
        return False
    own = AppealDraft.objects.filter(form_key=form_key, subscriber_id=person, account=account)
    if own.update(kind=kind, data=data, changed_at=timezone.now()):
        return True
    draft = AppealDraft(
        form_key=form_key, subscriber_id=person, account=account, kind=kind, data=data
    )
    AppealDraft.objects.bulk_create([draft], ignore_conflicts=True)
    of_account = AppealDraft.objects.filter(subscriber_id=person, account=account)
    newest = list(of_account.order_by("-changed_at").values_list("pk", flat=True)[:MOST])
    for older in of_account.exclude(pk__in=newest).values_list("pk", flat=True):
        draft_delete(form_key=older, person=person)
    return True


def _written(typed: Mapping[str, Any]) -> dict[str, str]:
    """Return what JSON of PostgreSQL can hold of a form."""
    given = {name: value for name, value in typed.items() if value and name not in _BUTTONS}
    return {without_control(name): without_control(str(value)) for name, value in given.items()}


@transaction.atomic
def draft_delete(*, form_key: UUID, person: UUID) -> None:
    """Delete a draft of the person with the files that were stored for it."""
    AppealDraft.objects.filter(form_key=form_key, subscriber_id=person).delete()
    uploads_delete(pending_files(form_key=form_key, subscriber_id=person))


def drafts_of(person: UUID, account: PersonalAccount) -> QuerySet[AppealDraft]:
    """Return what the person has typed for the account and not sent, the newest first."""
    sent = Appeal.objects.filter(form_key=OuterRef("form_key"))
    drafts = AppealDraft.objects.filter(subscriber_id=person, account=account)
    return drafts.filter(~Exists(sent)).order_by("-changed_at").select_related("kind")


def drafts_forget() -> int:
    """Delete drafts that nobody has changed for two weeks; their files go by themselves."""
    old = timezone.now() - UNSENT_FOR
    return AppealDraft.objects.filter(changed_at__lt=old).delete()[0]
