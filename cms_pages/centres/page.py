"""The page of all service centres, with a card of each below it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from cms_pages.centres.models import ServiceCentre
from cms_pages.pages.base import SitePageForm


class ServiceCentreIndexPage(RoutablePageMixin, Page):
    """All service centres by district, and below it a card of each at its code.

    The centres are no pages: billing and the cabinet know them too.
    """

    base_form_class = SitePageForm

    intro = RichTextField(_("вступление"), blank=True, features=["bold", "italic", "link"])

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    parent_page_types = ["cms_pages.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    template = "cms_pages/service_centre_index_page.html"

    class Meta:
        verbose_name = _("центры обслуживания")
        verbose_name_plural = _("страницы центров обслуживания")

    @path("")  # type: ignore[untyped-decorator]
    def list_of_centres(self, request: HttpRequest) -> HttpResponse:
        centres = list(centres_to_show())
        for centre in centres:
            centre.href = self.centre_url(request, centre)
        response: HttpResponse = self.render(request, context_overrides={"centres": centres})
        return response

    @path("<str:code>/", name="centre")  # type: ignore[untyped-decorator]
    def centre_card(self, request: HttpRequest, code: str) -> HttpResponse:
        centre = centres_to_show().filter(code=code).first()
        if centre is None:
            raise Http404
        response: HttpResponse = self.render(
            request,
            context_overrides={"centre": centre},
            template="cms_pages/service_centre.html",
        )
        return response

    def centre_url(self, request: HttpRequest, centre: ServiceCentre) -> str:
        return f"{self.get_url(request)}{self.reverse_subpage('centre', args=[centre.code])}"

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        urls: list[dict[str, Any]] = super().get_sitemap_urls(request)
        base = self.get_full_url(request)
        for centre in ServiceCentre.published.only("code"):
            urls.append({"location": f"{base}{self.reverse_subpage('centre', args=[centre.code])}"})
        return urls


def centres_to_show() -> QuerySet[ServiceCentre]:
    """Return the centres with all that a list shows, in a constant number of queries."""
    centres: QuerySet[ServiceCentre] = ServiceCentre.published.select_related("district")
    return centres.prefetch_related("phones", "hours", "closures", "serves")


def service_centre_of(code: str) -> ServiceCentre | None:
    """Return the centre that billing names by this code; None until editors have entered it."""
    if not code:
        return None
    centres = ServiceCentre.published.prefetch_related("phones", "hours", "closures")
    centre: ServiceCentre | None = centres.filter(code=code).first()
    return centre
