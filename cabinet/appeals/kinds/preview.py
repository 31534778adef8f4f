"""The form of a kind as a subscriber sees it, shown to whoever sets it up, saved or not."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cabinet.appeals.attachments import Attachments
from cabinet.appeals.kinds.checks import KindForm, problems_of
from cabinet.appeals.kinds.forms import AppealForm
from cabinet.appeals.models import AppealKind
from portal.desk.access import DeskRequest, desk_view
from portal.staff.models import StaffUser

# Whom the form shows as its writer.
WRITER = "Нина Егоровна К."
CONTACTS = {"email": "nina@example.ru"}


def may_set_up(user: StaffUser) -> bool:
    return user.has_perm("appeals.change_appealkind") or user.has_perm("appeals.add_appealkind")


@desk_view(may_set_up, hidden=False)
@never_cache
def kind_preview(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the form of a stored kind."""
    return _shown(request, get_object_or_404(AppealKind, pk=pk))


@require_POST
@desk_view(may_set_up, hidden=False)
@never_cache
def kind_preview_unsaved(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Show the form of the kind that is being edited, as it would be; nothing is stored."""
    from cabinet.appeals.kinds.admin import AppealKindAdmin  # which has the address of this view

    stored = get_object_or_404(AppealKind, pk=pk) if pk else AppealKind()
    panels = AppealKindAdmin().get_edit_handler().bind_to_model(AppealKind)
    form: KindForm = panels.get_form_class()(request.POST, instance=stored, for_user=request.user)
    if not form.is_valid():
        return _page(request, {"problems": problems_of(form)})
    return _shown(request, form.save(commit=False))


def _shown(request: DeskRequest, kind: AppealKind) -> HttpResponse:
    form = AppealForm(kind, contact_name=WRITER, initial=CONTACTS)
    context = {
        "kind": kind,
        "form": form,
        "attachments": Attachments(form.initial["form_key"], [], hint=kind.files_hint),
        "is_file_required": kind.files == AppealKind.Files.REQUIRED,
    }
    return _page(request, context)


def _page(request: DeskRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "cabinet/appeals/kinds/preview.html", context)
