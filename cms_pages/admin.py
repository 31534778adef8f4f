"""Content besides pages in the admin of a company: categories, urgent notices, legal rules."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from cms_pages.notices import UrgentNotice
from cms_pages.pages.news import NewsCategory
from portal.connection import current_schema
from portal.desk.access import company_only, desk_view
from portal.desk.modeladmin import CompanyAdmin
from portal.desk.pages import desk_page
from tenants.legal.selectors import rules_in_force


class NewsCategoryViewSet(SnippetViewSet):
    """A snippet, because the form of news chooses from them; called by its name, not «Фрагменты»."""

    model = NewsCategory
    icon = "tag"
    menu_label = _("Рубрики новостей")
    menu_name = "news-categories"
    search_fields = ["name"]
    menu_order = 220
    add_to_admin_menu = True


class UrgentNoticeAdmin(CompanyAdmin):
    model = UrgentNotice
    menu_label = _("Объявления")
    menu_icon = "warning"
    menu_order = 205
    list_display = ("title", "severity", "starts_at", "ends_at")
    list_filter = ("severity",)
    search_fields = ("title", "text")
    panels = [
        FieldPanel("severity"),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("districts"),
    ]


PERMISSION = "cms_pages.view_legal_rules"


@desk_view(PERMISSION, hidden=False)
def rules(request: Any) -> HttpResponse:
    """Show the rules in force for the company of this host."""
    today = timezone.localdate()
    context = {"today": today, "rules": rules_in_force(today, request.tenant)}
    title = str(_("Правовые нормы"))
    return desk_page(request, "cms_pages/rules.html", context, title=title, icon="doc-full")


def rules_urls() -> list[URLPattern]:
    return [path("rules/", company_only(rules), name="legal_rules")]


class RulesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return current_schema() != "public" and request.user.has_perm(PERMISSION)


def rules_menu_item() -> MenuItem:
    return RulesMenuItem(
        _("Правовые нормы"),
        reverse_lazy("legal_rules"),
        name="legal-rules",
        icon_name="doc-full",
        order=905,
    )
