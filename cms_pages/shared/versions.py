"""Versions of shared content: from an item to plain JSON, and from there to the fields of a page."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from cms_pages.pages.news import NewsCategory, NewsPage
from cms_pages.pages.text import StandardPage
from cms_pages.shared.files import file_imported, file_packed
from cms_pages.shared.models import SharedItem
from cms_pages.shared.references import body_raw, body_replaced
from tenants.models import SharedVersion

SharedPage = NewsPage | StandardPage


def content_of(item: SharedItem) -> dict[str, Any]:
    """Return everything that a company needs, as plain JSON. Puts files aside; public is entered.

    Raises SharedRefused for a picture or a document that is gone.
    """
    files: dict[str, dict[str, Any]] = {}

    def pack(kind: str, number: Any) -> str:
        key, about = file_packed(kind, number)
        files[key] = about
        return key

    is_news = item.kind == SharedItem.Kind.NEWS
    return {
        "kind": item.kind,
        "slug": item.slug,
        "title": item.title,
        "lead": item.lead,
        "date": item.date.isoformat(),
        "picture": pack("image", item.picture_id) if is_news and item.picture_id else None,
        "picture_alt": item.picture_alt,
        "categories": [
            {"name": one.name, "slug": one.slug} for one in item.categories.all() if is_news
        ],
        "section": "" if is_news else item.section,
        "in_menu": item.in_menu and not is_news,
        "body": body_replaced(body_raw(item.body), pack),
        "files": files,
    }


def page_filled(page: SharedPage, version: SharedVersion) -> SharedPage:
    """Fill the unsaved page with the version. Files and categories are made where they are missing."""
    said = version.content

    def number(_kind: str, key: Any) -> int:
        return file_imported(key, said["files"][key])

    body: Any = json.dumps(body_replaced(said["body"], number), ensure_ascii=False)
    page.title, page.lead, page.body = said["title"], said["lead"], body
    if isinstance(page, NewsPage):
        page.date = datetime.date.fromisoformat(said["date"])
        page.picture_id = number("image", said["picture"]) if said["picture"] else None
        page.picture_alt = said["picture_alt"]
        page.categories = [_category(one) for one in said["categories"]]
    return page


def _category(said: dict[str, str]) -> NewsCategory:
    found = NewsCategory.objects.filter(name=said["name"]).first()
    taken = NewsCategory.objects.values_list("slug", flat=True)
    return found or NewsCategory.objects.create(
        name=said["name"], slug=free_slug(said["slug"], taken, 60)
    )


def free_slug(wanted: str, taken: Iterable[str], length: int) -> str:
    """Return `wanted`, with a number if it is taken."""
    used, slug, number = set(taken), wanted, 1
    while slug in used:
        number += 1
        slug = f"{wanted[: length - 5]}-{number}"
    return slug
