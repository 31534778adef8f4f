"""The page of a company that a version becomes: its text, its section, its address."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from cms_pages.pages.news import NewsCategory, NewsIndexPage, NewsPage
from cms_pages.pages.text import StandardPage
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.files import file_imported
from cms_pages.shared.models import SharedItem
from cms_pages.shared.references import body_replaced

NEWS_TITLE, NEWS_SLUG = "Новости", "novosti"
# What the office writes. The other fields of a page are the company's.
WORDS = ("title", "lead", "body", "date", "picture", "picture_alt", "categories")

SharedPage = NewsPage | StandardPage


def page_filled(page: SharedPage, content: dict[str, Any]) -> SharedPage:
    """Return the page with the text of a version. Files and categories are made where missing."""

    def number(_kind: str, key: str) -> int:
        return file_imported(key, content["files"][key])

    words = {
        **{name: content[name] for name in WORDS},
        "body": json.dumps(body_replaced(content["body"], number), ensure_ascii=False),
        "picture": number("image", content["picture"]) if content["picture"] else None,
        "categories": [_category(one).pk for one in content["categories"]],
    }
    filled: SharedPage = page.from_serializable_data(page.serializable_data() | words)
    return filled


def page_added(content: dict[str, Any]) -> SharedPage:
    """Add a page, a draft, where the version belongs, at a free address.

    A company without a news section gets one, a draft until the first item below it is published.
    Raises SharedRefused for a section that is not there.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise SharedRefused(_("У компании ещё нет сайта."))
    page: SharedPage
    if content["kind"] == SharedItem.Kind.NEWS:
        parent, page = _news_index(site.root_page), NewsPage()
    else:
        parent = _section(site.root_page, content["section"])
        page = StandardPage(show_in_menus=content["in_menu"])
    if not page.can_exist_under(parent):
        raise SharedRefused(_("Под страницей «%s» обычные страницы не бывают.") % parent.title)
    page.slug = _slug_below(parent, content["slug"])
    page.live, page.has_unpublished_changes = False, True
    added: SharedPage = parent.add_child(instance=page_filled(page, content))
    return added


def section_show(page: SharedPage) -> None:
    """Publish the section that was made for the page, unless an editor has touched it."""
    section = page.get_parent()
    made = section.latest_revision
    if not section.live and section.first_published_at is None and made and made.user_id is None:
        made.publish()


def _category(said: dict[str, str]) -> NewsCategory:
    found = NewsCategory.objects.filter(name=said["name"]).first()
    taken = NewsCategory.objects.values_list("slug", flat=True)
    return found or NewsCategory.objects.create(
        name=said["name"], slug=_free_slug(said["slug"], taken, 60)
    )


def _news_index(home: Page) -> Page:
    found = NewsIndexPage.objects.descendant_of(home).order_by("path").first()
    if found:
        return found
    slug = _slug_below(home, NEWS_SLUG)
    with transaction.atomic():
        index: Page = home.add_child(
            instance=NewsIndexPage(title=NEWS_TITLE, slug=slug, show_in_menus=True, live=False)
        )
        index.save_revision()
    return index


def _section(home: Page, path: str) -> Page:
    parent = home
    for slug in filter(None, path.split("/")):
        parent = parent.get_children().filter(slug=slug).first()
        if parent is None:
            raise SharedRefused(
                _("На сайте компании нет раздела «%s». Когда он появится, повторите.") % path
            )
    return parent


def _slug_below(parent: Page, wanted: str) -> str:
    return _free_slug(wanted, parent.get_children().values_list("slug", flat=True), 245)


def _free_slug(wanted: str, taken: Iterable[str], length: int) -> str:
    """Return `wanted`, with a number if it is taken."""
    used, slug, number = set(taken), wanted, 1
    while slug in used:
        number += 1
        slug = f"{wanted[: length - 5]}-{number}"
    return slug
