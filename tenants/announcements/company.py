"""Announcements of the office in a company: on the first page of its admin, and on a page of their own."""

from typing import Any

from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import desk_page
from tenants.announcements.selectors import announcements_for, read_numbers
from tenants.announcements.services import announcement_mark_read
from tenants.models import Announcement
from tenants.selectors import company_entered, current_company

_STAFF = "wagtailadmin.access_admin"


class AnnouncementsPanel(Component):
    """What this person has not read yet."""

    name = "announcements"
    template_name = "tenants/announcements/panel.html"
    order = 1
    media = Media(css={"all": ["tenants/office.css"]})

    def __init__(self, request: HttpRequest, shown: list[Announcement]) -> None:
        self.read = read_numbers(request.user, company_entered(), shown)  # type: ignore[arg-type]
        self.shown = shown

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "announcements": [one for one in self.shown if one.pk not in self.read],
            "read": len(self.read),
            "csrf_token": parent_context.get("csrf_token"),
        }


def announcement_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Put the panel on the first page of a company's admin if there is something for this person."""
    company = current_company()
    if company is None:
        return
    shown = announcements_for(request.user, company)  # type: ignore[arg-type]
    if shown:
        panels.append(AnnouncementsPanel(request, shown))


@company_only
@desk_view(_STAFF)
def office_news(request: DeskRequest) -> HttpResponse:
    """List what the office announces now, read or not."""
    company = company_entered()
    shown = announcements_for(request.user, company)
    context = {"announcements": shown, "read": read_numbers(request.user, company, shown)}
    template = "tenants/announcements/page.html"
    return desk_page(request, template, context, title=_("Объявления офиса"), icon="info-circle")


@company_only
@desk_action(_STAFF)
def office_news_read(request: DeskRequest, pk: int) -> HttpResponse:
    """Show it no more on this person's first page."""
    company = company_entered()
    mine = [one.pk for one in announcements_for(request.user, company)]
    announcement = get_object_or_404(Announcement, pk=pk, pk__in=mine)
    announcement_mark_read(announcement=announcement, schema=company.schema_name, user=request.user)
    return redirect("wagtailadmin_home")


def company_urls() -> list[URLPattern]:
    return [
        path("office-news/", office_news, name="office_news"),
        path("office-news/<int:pk>/read/", office_news_read, name="office_news_read"),
    ]
