import datetime
import hashlib

from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, Revision

from cms_pages.models import (
    BrandSettings,
    ContactPage,
    LegalDocumentPage,
    LegalVersionPage,
    ServiceCentre,
    ServiceCentreIndexPage,
)


def brand_version(brand: BrandSettings) -> str:
    """Changes with the colours, so that the style sheet may be kept for a year."""
    text = f"{brand.brand_colour}{brand.accent_colour}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def document_in_force(kind: str, day: datetime.date) -> LegalVersionPage | None:
    """The published wording of this kind of document (`LegalDocumentPage.Kind`) in force on `day`."""
    document = LegalDocumentPage.objects.live().filter(kind=kind).order_by("pk").first()
    return document.versions().filter(effective_from__lte=day).first() if document else None


def schedule_missed() -> int:
    """Pages whose hour to go live or off has been past for a quarter of an hour: beat does it each minute."""
    due = timezone.now() - datetime.timedelta(minutes=15)
    waiting = Revision.page_revisions.filter(approved_go_live_at__lt=due)
    overstaying = Page.objects.live().filter(expire_at__lt=due)
    return int(waiting.count() + overstaying.count())


def service_centre_of(code: str) -> ServiceCentre | None:
    """The centre that billing names by this code; None until the editors have entered it."""
    if not code:
        return None
    centres = ServiceCentre.objects.prefetch_related("phones", "hours", "closures")
    centre: ServiceCentre | None = centres.filter(code=code).first()
    return centre


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
