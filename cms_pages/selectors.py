"""Addresses and states of a site's content, for other apps."""

import datetime

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail.models import Page, Revision

from cms_pages.centres.page import ServiceCentreIndexPage
from cms_pages.pages.text import ContactPage


def schedule_missed() -> int:
    """Pages whose hour to go live or off has been past for a quarter of an hour: beat does it each minute."""
    due = timezone.now() - datetime.timedelta(minutes=15)
    waiting = Revision.page_revisions.filter(approved_go_live_at__lt=due)
    overstaying = Page.objects.live().filter(expire_at__lt=due)
    return int(waiting.count() + overstaying.count())


def page_address(model: type[Page], request: HttpRequest | None = None) -> str:
    """Of the company's page of this type; "" where it has none that everybody may read."""
    page = model.objects.live().public().first()
    return page.get_url(request) or "" if page else ""


def service_centres_address(request: HttpRequest) -> str:
    """Of the page with all centres; "" where the company has none."""
    return page_address(ServiceCentreIndexPage, request)


def contact_addresses(request: HttpRequest) -> tuple[str, str]:
    """Of the page that says how to write and call, and of the form «Написать нам» that it leads to.

    "" for what the company does not have.
    """
    page = ContactPage.objects.live().public().select_related("form_page").first()
    if page is None:
        return "", ""
    form = page.form_page
    return page.get_url(request) or "", form.get_url(request) or "" if form and form.live else ""


def address_exists(path: str) -> bool:
    """Whether an app answers here; Wagtail's catch-all, which takes any address, does not count."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.url_name != "wagtail_serve"
