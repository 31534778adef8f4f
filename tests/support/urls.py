"""The tables of URLs, walked through: a test of every address finds new ones by itself."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def url_patterns(urlconf: str = "portal.urls.tenant") -> Iterator[tuple[str, URLPattern]]:
    """Yield every pattern of the table behind its whole route, as the table writes it."""
    stack: list[tuple[str, URLResolver]] = [("", get_resolver(urlconf))]
    while stack:
        before, resolver = stack.pop()
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                stack.append((route, one))
            else:
                yield route, one


def plain_addresses(urlconf: str = "portal.urls.tenant") -> list[str]:
    """Return the addresses without arguments."""
    routes = (re.sub(r"\^|\$|\\Z", "", route) for route, _ in url_patterns(urlconf))
    return sorted({f"/{route}" for route in routes if not set(route) & set("<(\\[?*")})
