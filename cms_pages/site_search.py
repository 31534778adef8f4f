"""Search in Russian word forms, by PostgreSQL."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from wagtail.models import Page, Site

MAX_QUERY = 100  # characters
PAGE_SIZE = 10


def typed_query(text: str) -> str:
    """What was typed, without control characters (PostgreSQL refuses a NUL) and not too long."""
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()[:MAX_QUERY]


def pages_found(*, site: Site, query: str, page_number: str | None) -> ListPage[Any] | None:
    """Published pages of this site, best first; None when there is nothing to look for.

    All words must occur; if no page has them all, any of them will do.
    """
    if not any(sign.isalnum() for sign in query):
        return None
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public()
    results: Sequence[Page] = pages.search(query)
    if not len(results):
        results = pages.search(query, operator="or")
    found: ListPage[Any] = Paginator(results, PAGE_SIZE).get_page(page_number)
    found.object_list = _specific(list(found.object_list))
    return found


def _specific(pages: list[Page]) -> list[Page]:
    """The pages with their summaries, in a query for each type."""
    numbers = [page.pk for page in pages]
    by_number = {page.pk: page for page in Page.objects.filter(pk__in=numbers).specific()}
    return [by_number[number] for number in numbers if number in by_number]
