"""The place of shared content on a company's site: parent page, section, free address."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from cms_pages.pages.news import NewsIndexPage, NewsPage
from cms_pages.pages.text import StandardPage
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.models import SharedItem
from cms_pages.shared.versions import SharedPage, free_slug

NEWS_TITLE, NEWS_SLUG = "Новости", "novosti"


def place_for(content: dict[str, Any]) -> tuple[Page, SharedPage]:
    """Return the parent page, and an unsaved page of the right type with a free address.

    A company without a news section gets one, a draft until the first item below it is published.
    Raises SharedRefused for a section that is not there.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise SharedRefused(_("У компании ещё нет сайта."))
    home = site.root_page
    page: SharedPage
    if content["kind"] == SharedItem.Kind.NEWS:
        parent, page = _news_index(home), NewsPage(title=content["title"])
    else:
        parent = _section(home, content["section"])
        page = StandardPage(title=content["title"], show_in_menus=content["in_menu"])
        if not StandardPage.can_exist_under(parent):
            raise SharedRefused(_("Под страницей «%s» обычные страницы не бывают.") % parent.title)
    page.slug = _slug_below(parent, content["slug"])
    return parent, page


def _slug_below(parent: Page, wanted: str) -> str:
    return free_slug(wanted, parent.get_children().values_list("slug", flat=True), 245)


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


def section_show(page: SharedPage) -> None:
    """Publish the section that was made for the page, unless an editor has touched it."""
    section = page.get_parent()
    made = section.latest_revision
    if not section.live and section.first_published_at is None and made and made.user_id is None:
        made.publish()


def _section(home: Page, path: str) -> Page:
    parent = home
    for slug in filter(None, path.split("/")):
        child = parent.get_children().filter(slug=slug).first()
        if child is None:
            raise SharedRefused(
                _("На сайте компании нет раздела «%s». Когда он появится, повторите.") % path
            )
        parent = child
    return parent
