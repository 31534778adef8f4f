"""Addresses and states of a site's content, for other apps."""

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Q
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from cms_pages.brand.models import BrandSettings
from cms_pages.centres.models import ServiceCentre
from cms_pages.centres.page import ServiceCentreIndexPage
from cms_pages.notices import UrgentNotice
from cms_pages.pages.text import ContactPage


def schedule_is_due() -> bool:
    """Return whether the hour of any content has come, in one query: Wagtail asks each of its models."""
    now = timezone.now()
    due = Q(Exists(Revision.objects.filter(approved_go_live_at__lt=now)))
    for model in (Page, ServiceCentre, UrgentNotice, BrandSettings):
        due |= Q(Exists(model.objects.filter(live=True, expire_at__lt=now)))
    return bool(ContentType.objects.filter(due).exists())  # any table that is never empty


def schedule_missed() -> int:
    """Count pages and centres that should have been published or taken off a quarter of an hour ago.

    The tick does it each minute.
    """
    due = timezone.now() - datetime.timedelta(minutes=15)
    waiting = Revision.objects.filter(approved_go_live_at__lt=due)
    pages = Page.objects.live().filter(expire_at__lt=due)
    centres = ServiceCentre.published.filter(expire_at__lt=due)
    return int(waiting.count() + pages.count() + centres.count())


def menu_pages(site: Site | None) -> list[Page]:
    """Return the pages that stand in the menu of the site, in its order."""
    return list(site.root_page.get_children().live().public().in_menu()) if site else []


def page_address(model: type[Page], request: HttpRequest | None = None) -> str:
    """Return the address of the published page of this type; "" without one."""
    page = model.objects.live().public().first()
    return page.get_url(request) or "" if page else ""


def service_centres_address(request: HttpRequest) -> str:
    """Return the address of the page with all centres; "" without one."""
    return page_address(ServiceCentreIndexPage, request)


def contact_addresses(request: HttpRequest) -> tuple[str, str]:
    """Return the addresses of the contacts and of their form «Написать нам»; "" for none."""
    page = ContactPage.objects.live().public().select_related("form_page").first()
    if page is None:
        return "", ""
    form = page.form_page
    return page.get_url(request) or "", form.get_url(request) or "" if form and form.live else ""


def company_phone() -> dict[str, str] | None:
    """Return `number` and `href` to call the company, whose schema is entered; None while it has none."""
    brand = BrandSettings.objects.filter(site__is_default_site=True).first()
    return brand.call if brand else None


def address_exists(path: str) -> bool:
    """Return whether an app answers at this path; Wagtail's catch-all does not count."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.url_name != "wagtail_serve"
