"""Pages of staff for reviewed content: Wagtail's own of snippets, on hosts of companies."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern
from wagtail.admin.utils import get_latest_str
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from cms_pages.review.decisions import decision_said
from cms_pages.review.models import Reviewed, ReviewedPermissions
from portal.desk.access import company_only
from portal.desk.modeladmin import saved_by_staff


class _SavedByPerson:
    """Saves when a person says so, not while one types: half a telephone is no draft."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.autosave_enabled = False

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)  # type: ignore[misc]
        saved_by_staff.send(self.model, request=self.request)  # type: ignore[attr-defined]
        return response


class ReviewedCreateView(_SavedByPerson, CreateView):
    pass


class ReviewedEditView(_SavedByPerson, EditView):
    def get_success_message(self, instance: Any = None) -> str:
        """Return what a moderator has decided, in place of Wagtail's words that the row was saved."""
        if self.action != "workflow-action":
            return str(super().get_success_message(instance))
        row = instance or self.object
        return decision_said(row, self.workflow_action, get_latest_str(row))


class ReviewedViewSet(SnippetViewSet):
    """Called by its own name in the menu, not «Фрагменты»; 404 on the base host."""

    add_to_admin_menu = True
    add_view_class = ReviewedCreateView
    edit_view_class = ReviewedEditView
    copy_view_enabled = False

    @property
    def base_url_path(self) -> str:
        return f"cms_pages/{self.model_name}"

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = company_only(pattern.callback)
        return patterns

    def on_register(self) -> None:
        register_permission_policy(self.model, ReviewedPermissions(self.model), exact_class=True)
        super().on_register()


def reviewed_action_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Offer to publish first, to whom it is open: an accident does not wait for a second click."""
    if not issubclass(context["model"], Reviewed):
        return
    policy = ReviewedPermissions(context["model"])
    closed = {
        f"action-{action}"
        for action, right in (
            ("publish", "publish"),
            ("unpublish", "publish"),
            ("delete", "delete"),
        )
        if not policy.user_has_permission(request.user, right)
    }
    items[:] = [item for item in items if item.name not in closed]
    items.sort(key=lambda item: item.name != "action-publish")
