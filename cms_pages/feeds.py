"""News for readers of feeds."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from portal.formats.tables import without_control

if TYPE_CHECKING:
    from cms_pages.models import NewsIndexPage, NewsPage


def news_feed(
    index: "NewsIndexPage", news: Sequence["NewsPage"], request: HttpRequest
) -> HttpResponse:
    """An Atom feed of these items. A day of news begins at the company's midnight."""
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
