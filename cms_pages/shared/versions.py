"""Versions of shared content: from an item to plain JSON, and from there to the fields of a page."""

import datetime
import hashlib
import json
from collections.abc import Callable
from typing import Any

from cms_pages.blocks.comparing import words_only
from cms_pages.pages.news import NewsCategory, NewsPage
from cms_pages.pages.text import StandardPage
from cms_pages.shared.files import file_packed
from cms_pages.shared.models import SharedItem
from cms_pages.shared.references import body_raw, body_replaced
from tenants.models import SharedVersion

# From the key and description of a file to the number of the company's own row, or None.
Numbered = Callable[[str, dict[str, Any]], int | None]
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


def fields_of(version: SharedVersion, numbered: Numbered) -> dict[str, Any]:
    """Return the fields of a company's page that a later version may change, without categories."""
    said = version.content

    def number(_kind: str, key: Any) -> int | None:
        return numbered(key, said["files"][key])

    fields: dict[str, Any] = {
        "title": said["title"],
        "lead": said["lead"],
        "body": json.dumps(body_replaced(said["body"], number), ensure_ascii=False),
    }
    if said["kind"] == SharedItem.Kind.NEWS:
        fields |= {
            "date": datetime.date.fromisoformat(said["date"]),
            "picture_id": number("image", said["picture"]) if said["picture"] else None,
            "picture_alt": said["picture_alt"],
        }
    return fields


def page_filled(page: SharedPage, version: SharedVersion, numbered: Numbered) -> SharedPage:
    """Fill the unsaved page with the version. Categories are created where they are missing."""
    for name, value in fields_of(version, numbered).items():
        setattr(page, name, value)
    if isinstance(page, NewsPage):
        page.categories = [_category(one) for one in version.content["categories"]]
    return page


def _category(said: dict[str, str]) -> NewsCategory:
    found = NewsCategory.objects.filter(name=said["name"]).first()
    if found:
        return found
    slug, number = said["slug"], 1
    while NewsCategory.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{said['slug'][:55]}-{number}"
    return NewsCategory.objects.create(name=said["name"], slug=slug)


def fingerprint(page: SharedPage) -> str:
    """Return a hash of the fields that came from the office."""
    said: dict[str, Any] = {
        "title": page.title,
        "lead": page.lead,
        "body": words_only(body_raw(page.body)),
    }
    if isinstance(page, NewsPage):
        said |= {
            "date": page.date.isoformat(),
            "picture": page.picture_id,
            "picture_alt": page.picture_alt,
            "categories": sorted(one.name for one in page.categories.all()),
        }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
