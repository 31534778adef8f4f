"""What a moderator has decided: said to him, and what he wrote to whoever opens a returned change next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import WorkflowMixin, WorkflowState


def decision_said(row: Any, action: str, title: str) -> str:
    """Return what a moderator's decision about a page or another row has led to."""
    if action == "reject":
        return _("Возвращено на доработку: «%s».") % title
    if row.go_live_at and row.go_live_at > timezone.now():
        return _("Одобрено, на сайте появится в назначенное время: «%s».") % title
    return _("Одобрено и опубликовано: «%s».") % title


def returned_say(request: HttpRequest, row: Any) -> None:
    """Show above the form of a page or a snippet who has returned it, and why."""
    if request.method != "GET" or not isinstance(row, WorkflowMixin):
        return
    state = row.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    task = state.current_task_state
    by = task.finished_by.shown_name if task.finished_by else ""
    said = _("Вернул на доработку сотрудник %s.") % by if by else _("Возвращено на доработку.")
    messages.warning(request, f"{said} «{task.comment}»" if task.comment else said)
