"""News for readers of feeds."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

if TYPE_CHECKING:
    from cms_pages.models import NewsIndexPage, NewsPage


def news_feed(
    index: "NewsIndexPage", news: Sequence["NewsPage"], request: HttpRequest
) -> HttpResponse:
    """An Atom feed of these items. A day of news begins at the company's midnight."""
    address = index.get_full_url(request)
    feed = Atom1Feed(
        title=f"{index.title} — {index.get_site().site_name}",
        link=address,
        description=index.lead,
        language="ru",
        feed_url=f"{address}feed/",
    )
    for item in news:
        midnight = timezone.make_aware(datetime.datetime.combine(item.date, datetime.time()))
        feed.add_item(
            title=item.title,
            link=item.get_full_url(request),
            description=item.summary,
            pubdate=midnight,
            updateddate=item.last_published_at or midnight,
            categories=[category.name for category in item.categories.all()],
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
