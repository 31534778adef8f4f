"""Drafts, preview, and a moderator's approval where the company wants it, for what is no page."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    Site,
    Workflow,
    WorkflowMixin,
)
from wagtail.permission_policies import ModelPermissionPolicy

# Who publishes although the company wants a review.
WITHOUT_REVIEW = "cms_pages.publish_without_review"


@register_setting(icon="tasks")
class ReviewSettings(BaseSiteSetting):
    """Whether a moderator looks at more than pages before it is published."""

    is_wanted = models.BooleanField(
        _("срочные объявления, оформление, телефоны и центры проверяет модератор"),
        default=False,
        help_text=_(
            "Редактор отправит изменение на проверку, и на сайте останется прежнее, пока модератор его не "
            "опубликует. Сам модератор публикует сразу, и об аварии тоже."
        ),
    )

    panels = [
        HelpPanel(_("Страницы и новости модератор проверяет всегда.")),
        FieldPanel("is_wanted"),
    ]

    class Meta:
        verbose_name = _("проверка модератором")
        permissions = [("publish_without_review", "Может публиковать без проверки модератором")]


def review_is_wanted() -> bool:
    """Return whether the current company wants a moderator to look at more than pages."""
    return bool(ReviewSettings.objects.filter(is_wanted=True).exists())


def review_permissions(model: str) -> list[tuple[str, Any]]:
    """Return what Wagtail's mixins ask for besides Django's own: it would make them after our roles."""
    verbs = {"publish": "публиковать", "lock": "закреплять", "unlock": "откреплять"}
    return [(f"{verb}_{model}", f"Может {words}: {model}") for verb, words in verbs.items()]


class Reviewed(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model
):
    """Content besides pages: a draft, its preview, and the workflow of pages, in the company's choice.

    The row holds what is published; a draft lives in revisions alone.
    """

    class Meta:
        abstract = True

    @classmethod
    def get_default_workflow(cls) -> Workflow | None:
        """Return the workflow that pages have; None in a company that wants no review."""
        if not review_is_wanted():
            return None
        return Workflow.objects.filter(active=True, workflow_pages__page__depth=1).first()

    def get_workflow(self) -> Workflow | None:
        """Return the workflow. One that was begun is ended, whatever the company has chosen since."""
        state = self.current_workflow_state
        return state.workflow if state else self.get_default_workflow()

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the company's home page, or where else the change is seen."""
        site = Site.find_for_request(request)
        response: HttpResponse = site.root_page.specific.serve(request)
        return response


class ReviewedPermissions(ModelPermissionPolicy):
    """Where a review is wanted, only who may do without it puts something on the site, or takes it off."""

    _ON_THE_SITE = frozenset({"publish", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        if not super().user_has_permission(user, action):
            return False
        if action not in self._ON_THE_SITE or user.has_perm(WITHOUT_REVIEW):
            return True
        return not review_is_wanted()
