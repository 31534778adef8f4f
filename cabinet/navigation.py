"""The cabinet's menu. Each app adds its section in `AppConfig.ready`; what is not built is not there."""

from dataclasses import dataclass

from django.urls import reverse
from wagtail.models import Page

from cabinet.subscribers.models import AccountLink
from cms_pages.selectors import page_address


@dataclass(frozen=True)
class Section:
    """A section of one account. `kinds`: of which companies; `order`: its place, as in the manuals."""

    label: str
    icon: str
    url_name: str
    kinds: frozenset[str]
    order: int

    def address(self, link: AccountLink | None) -> str:
        return reverse(self.url_name, args=[link.pk]) if link else ""


@dataclass(frozen=True)
class SiteSection:
    """A page of the company's site that its manual has among the sections: no account is needed for it."""

    label: str
    icon: str
    page: type[Page]
    kinds: frozenset[str]
    order: int

    def address(self, link: AccountLink | None) -> str:
        return page_address(self.page)


@dataclass(frozen=True)
class MenuItem:
    label: str
    icon: str
    url: str
    active: bool


_sections: list[Section | SiteSection] = []


def section_register(section: Section | SiteSection) -> None:
    if section not in _sections:
        _sections.append(section)
        _sections.sort(key=lambda one: one.order)


def menu(link: AccountLink | None, kind: str, current_path: str = "") -> list[MenuItem]:
    """The sections of an account of a company of this kind, in order; without one, those that need none."""
    places = [
        (section, address)
        for section in _sections
        if kind in section.kinds and (address := section.address(link))
    ]
    # The information page stands above all others: of the addresses that begin the path, the longest.
    here = max((url for _, url in places if current_path.startswith(url)), key=len, default="")
    return [
        MenuItem(section.label, section.icon, url, active=url == here) for section, url in places
    ]
