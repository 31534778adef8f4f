"""News of a company: categories, items, the list with its filters, the Atom feed."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page
from wagtail.search import index

from cms_pages.blocks import BodyBlock
from cms_pages.fields import BodyField
from cms_pages.pages.base import SitePage
from cms_pages.pages.subjects import news_illustrate, subject_choices
from portal.formats.names import slug_of
from portal.formats.text import without_control

PAGE_SIZE = 12

FEED_SIZE = 20


class NewsCategory(models.Model):
    name = models.CharField(_("название"), max_length=60, unique=True)
    slug = models.SlugField(
        _("в адресе"),
        max_length=60,
        unique=True,
        allow_unicode=True,
        help_text=_("Например, raboty"),
    )

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        verbose_name = _("рубрика новостей")
        verbose_name_plural = _("рубрики новостей")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Write a new address in Latin letters; one that links lead to stays as it is."""
        if self._state.adding:
            self.slug = slug_of(self.slug, 60) or self.slug
        super().full_clean(*args, **kwargs)


class NewsFields(ClusterableModel):
    """What a news item is made of, on a site and at the central office."""

    date = models.DateField(_("дата"), default=timezone.localdate)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("снимок"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_alt = models.CharField(
        _("что на снимке"),
        max_length=200,
        blank=True,
        help_text=_("Для тех, кто не видит. Оставьте пустым, если снимок только украшает."),
    )
    categories = ParentalManyToManyField(NewsCategory, verbose_name=_("рубрики"), blank=True)
    body = BodyField(BodyBlock(), verbose_name=_("текст"), blank=True)

    class Meta:
        abstract = True


class NewsPage(NewsFields, SitePage):
    subject = models.CharField(
        _("рисунок"),
        max_length=20,
        choices=subject_choices,
        blank=True,
        help_text=_("Стоит у новости без снимка. На одной странице рисунки не повторяются."),
    )

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("date"),
        FieldPanel("picture"),
        FieldPanel("picture_alt"),
        FieldPanel("subject"),
        FieldPanel("categories"),
        FieldPanel("body"),
    ]
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    parent_page_types = ["cms_pages.NewsIndexPage"]
    subpage_types: list[str] = []

    # What a page shows of the item, set by `news_illustrate`.
    image: Any = None
    drawing: str = ""

    class Meta:
        verbose_name = _("новость")
        verbose_name_plural = _("новости")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news_illustrate([self])
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context

    @property
    def shared_image(self) -> Any:
        return self.social_image or self.picture


def latest_news(below: Page) -> models.QuerySet[NewsPage]:
    """Return published news, newest first, with pictures and without the texts."""
    news: models.QuerySet[NewsPage] = (
        NewsPage.objects.descendant_of(below)
        .live()
        .public()
        .defer_streamfields()
        .select_related("picture")
        .prefetch_related("categories", "picture__renditions")
        .order_by("-date", "-pk")
    )
    return news


class NewsIndexPage(RoutablePageMixin, SitePage):
    """The list of news; `feed/` below it is an Atom feed."""

    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = ["cms_pages.NewsPage"]
    max_count = 1

    class Meta:
        verbose_name = _("новости")
        verbose_name_plural = _("страницы новостей")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        everything = latest_news(self)
        years = [day.year for day in everything.dates("date", "year", order="DESC")]
        categories = list(NewsCategory.objects.filter(newspage__in=everything).distinct())
        # An unknown year or category, as in an old link, shows all news rather than an error.
        year = next((one for one in years if str(one) == request.GET.get("year")), None)
        category = next(
            (one for one in categories if one.slug == request.GET.get("category")), None
        )
        shown = everything
        if year:
            shown = shown.filter(date__year=year)
        if category:
            shown = shown.filter(categories=category)
        page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
        filters = {"years": years, "year": year, "categories": categories, "category": category}
        page.object_list = news_illustrate(page.object_list)
        return {**context, **filters, "news": page}

    @path("feed/")  # type: ignore[untyped-decorator]
    def feed(self, request: HttpRequest) -> HttpResponse:

        return news_feed(self, list(latest_news(self)[:FEED_SIZE]), request)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Return the address of the list without the routes below it."""
        urls: list[dict[str, Any]] = Page.get_sitemap_urls(self, request)
        return urls


def news_feed(
    index: "NewsIndexPage", news: Sequence["NewsPage"], request: HttpRequest
) -> HttpResponse:
    """Return an Atom feed of these items. A day of news begins at the company's midnight."""
    address = index.get_full_url(request)
    feed = Atom1Feed(
        title=without_control(f"{index.title} — {index.get_site().site_name}"),
        link=address,
        description=without_control(index.lead),
        language="ru",
        feed_url=f"{address}feed/",
    )
    for item in news:
        midnight = timezone.make_aware(datetime.datetime.combine(item.date, datetime.time()))
        feed.add_item(
            title=without_control(item.title),
            link=item.get_full_url(request),
            description=without_control(item.summary),
            pubdate=midnight,
            updateddate=item.last_published_at or midnight,
            categories=[without_control(each.name) for each in item.categories.all()],
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
