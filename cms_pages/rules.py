"""A company's administrators see by which rates, dates and rules of law their portal works. To read only:
docs/decisions/0010 says why a company does not write them.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem

from cms_pages.admin import company_only
from portal.connection import current_schema
from tenants.legal import rules_in_force

PERMISSION = "cms_pages.view_legal_rules"


def rules(request: Any) -> HttpResponse:
    """Those of the company of this host, and of no other."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    today = timezone.localdate()
    context = {
        "page_title": _("Правовые нормы"),
        "header_icon": "doc-full",
        "today": today,
        "rules": rules_in_force(today, request.tenant),
    }
    return render(request, "cms_pages/rules.html", context)


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
