"""The cabinet's menu. Each app adds its section in `AppConfig.ready`; what is not built is not there."""

from dataclasses import dataclass

from django.urls import reverse

from cabinet.subscribers.models import AccountLink


@dataclass(frozen=True)
class Section:
    """A section of one account. `kinds`: of which companies; `order`: its place, as in the manuals."""

    label: str
    icon: str
    url_name: str
    kinds: frozenset[str]
    order: int


@dataclass(frozen=True)
class MenuItem:
    label: str
    icon: str
    url: str
    active: bool


_sections: list[Section] = []


def section_register(section: Section) -> None:
    if section not in _sections:
        _sections.append(section)
        _sections.sort(key=lambda one: one.order)


def menu(link: AccountLink, kind: str, current_path: str = "") -> list[MenuItem]:
    """The sections of an account of a company of this kind, in order."""
    places = [
        (section, reverse(section.url_name, args=[link.pk]))
        for section in _sections
        if kind in section.kinds
    ]
    # The information page stands above all others: of the addresses that begin the path, the longest.
    here = max((url for _, url in places if current_path.startswith(url)), key=len, default="")
    return [
        MenuItem(section.label, section.icon, url, active=url == here) for section, url in places
    ]
