"""Colours and pages of one company's site, for a new company that is set up like it."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from cms_pages.brand.models import BrandSettings
from cms_pages.pages.text import StandardPage
from tenants.opening.copying import Part, settings_read, settings_write


def _home() -> Any:
    return Site.objects.get(is_default_site=True).root_page


def _pages() -> list[dict[str, Any]]:
    pages = StandardPage.objects.live().child_of(_home()).order_by("path")
    return list(pages.values("title", "slug", "show_in_menus"))


def _drafts(pages: list[dict[str, Any]]) -> None:
    home = _home()
    there = set(home.get_children().values_list("slug", flat=True))
    for said in pages:
        if said["slug"] not in there:
            page = home.add_child(instance=StandardPage(live=False, **said))
            page.save_revision()


PARTS = (
    Part(
        code="colours",
        label=_("цвета сайта, без логотипа"),
        read=partial(settings_read, BrandSettings, ("brand_colour", "accent_colour")),
        write=partial(settings_write, BrandSettings),
        order=10,
    ),
    Part(
        code="pages",
        label=_("разделы сайта: пустые черновики с\u00a0теми же названиями"),
        read=_pages,
        write=_drafts,
        order=20,
    ),
)
