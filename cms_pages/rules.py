"""A company's administrators see by which rates, dates and rules of law their portal works. To read only:
docs/decisions/0010 says why a company does not write them.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem

from portal.connection import current_schema
from portal.desk.access import company_only, desk_view
from portal.desk.pages import desk_page
from tenants.legal.selectors import rules_in_force

PERMISSION = "cms_pages.view_legal_rules"


@desk_view(PERMISSION, hidden=False)
def rules(request: Any) -> HttpResponse:
    """Show the rules in force for the company of this host."""
    today = timezone.localdate()
    context = {"today": today, "rules": rules_in_force(today, request.tenant)}
    title = _("Правовые нормы")
    return desk_page(request, "cms_pages/rules.html", context, title=title, icon="doc-full")


def rules_urls() -> list[URLPattern]:
    return [path("rules/", company_only(rules), name="legal_rules")]


class RulesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return current_schema() != "public" and request.user.has_perm(PERMISSION)


def rules_menu_item() -> MenuItem:
    return RulesMenuItem(
        gettext_lazy("Правовые нормы"),
        reverse_lazy("legal_rules"),
        name="legal-rules",
        icon_name="doc-full",
        order=905,
    )
