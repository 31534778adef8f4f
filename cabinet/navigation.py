"""The sections of the cabinet's menu. Each app adds its own in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from wagtail.models import Page

from cabinet.subscribers.models import AccountLink
from cms_pages.selectors import page_address


@dataclass(frozen=True)
class Section:
    """A section of one account; `kinds` of companies that have it, `order` its place in the manuals.

    `covers`: the address whose pages are the section's too, where its own is below that. `news`: how many
    things of the person wait there unread, in the company whose schema is entered.
    """

    label: str
    icon: str
    url_name: str
    kinds: frozenset[str]
    order: int
    covers: str = ""
    news: Callable[[AccountLink], int] | None = None

    def address(self, link: AccountLink | None) -> str:
        return reverse(self.url_name, args=[link.pk]) if link else ""

    def place(self, link: AccountLink | None) -> str:
        """Return what the addresses of its pages begin with."""
        return reverse(self.covers or self.url_name, args=[link.pk]) if link else ""

    def news_of(self, link: AccountLink | None) -> int:
        return self.news(link) if self.news and link else 0


@dataclass(frozen=True)
class SiteSection:
    """A page of the company's site that its manual has among the sections; needs no account."""

    label: str
    icon: str
    page: type[Page]
    kinds: frozenset[str]
    order: int

    def address(self, link: AccountLink | None) -> str:
        return page_address(self.page)

    def place(self, link: AccountLink | None) -> str:
        return self.address(link)

    def news_of(self, link: AccountLink | None) -> int:
        return 0


@dataclass(frozen=True)
class PersonSection:
    """A section that needs no account: it is the same for all who are logged in."""

    label: str
    icon: str
    url_name: str
    kinds: frozenset[str]
    order: int

    def address(self, link: AccountLink | None) -> str:
        return reverse(self.url_name)

    def place(self, link: AccountLink | None) -> str:
        return self.address(link)

    def news_of(self, link: AccountLink | None) -> int:
        return 0


@dataclass(frozen=True)
class MenuItem:
    label: str
    icon: str
    url: str
    active: bool
    news: int = 0


AnySection = Section | SiteSection | PersonSection
_sections: list[AnySection] = []
_pages_of: dict[str, str] = {}


def section_register(section: AnySection) -> None:
    if section not in _sections:
        _sections.append(section)
        _sections.sort(key=lambda one: one.order)


def page_belongs(page: str, section: str) -> None:
    """Mark a section as the current one on pages below an address of another app; both are names of URLs."""
    _pages_of[page] = section


def menu(link: AccountLink | None, kind: str, current_path: str = "") -> list[MenuItem]:
    """Return the sections of an account, in order; without a link, those that need no account.

    `kind`: of the company.
    """
    items = [
        (section, address, section.place(link))
        for section in _sections
        if kind in section.kinds and (address := section.address(link))
    ]
    # The address of «Информация» begins all others: the longest that begins the path is the current one.
    places = {place: section for section, _, place in items}
    by_name = {one.url_name: one for one, _, _ in items if isinstance(one, Section)}
    for page, name in _pages_of.items():
        if link and name in by_name:
            places[reverse(page, args=[link.pk])] = by_name[name]
    here = max((one for one in places if current_path.startswith(one)), key=len, default="")
    return [
        MenuItem(
            section.label,
            section.icon,
            url,
            active=section == places.get(here),
            news=section.news_of(link),
        )
        for section, url, _ in items
    ]
