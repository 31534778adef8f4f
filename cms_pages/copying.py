"""Colours and pages of one company's site, for a new company that is set up like it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from cms_pages.brand.models import BrandSettings
from cms_pages.pages.text import StandardPage
from tenants.opening.copying import Part

_COLOURS = ("brand_colour", "accent_colour")


def _site() -> Site:
    site: Site = Site.objects.get(is_default_site=True)
    return site


def _colours() -> dict[str, str]:
    brand = BrandSettings.for_site(_site())
    return {name: getattr(brand, name) for name in _COLOURS}


def _paint(colours: dict[str, str]) -> None:
    brand = BrandSettings.for_site(_site())
    for name, value in colours.items():
        setattr(brand, name, value)
    brand.save()


def _pages() -> list[dict[str, Any]]:
    pages = StandardPage.objects.live().child_of(_site().root_page).order_by("path")
    return list(pages.values("title", "slug", "show_in_menus"))


def _drafts(pages: list[dict[str, Any]]) -> None:
    home = _site().root_page
    there = set(home.get_children().values_list("slug", flat=True))
    for said in pages:
        if said["slug"] not in there:
            page = home.add_child(instance=StandardPage(live=False, **said))
            page.save_revision()


PARTS = (
    Part(
        code="colours",
        label=_("цвета сайта, без логотипа"),
        read=_colours,
        write=_paint,
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
