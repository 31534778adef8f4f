"""Finding the company of a host, and whether it can be served now."""

import copy
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from portal.connection import connection
from tenants.models import Domain, GasCompany

HOST_CACHE_LIMIT = 1000


@dataclass(frozen=True)
class Route:
    """A company as its host was last asked for; `behind`: its schema awaits migrations."""

    company: GasCompany
    behind: bool


_remembered: dict[Hashable, tuple[float, Any]] = {}


def remembered(key: Hashable, make: Callable[[], Any]) -> Any:
    """Return what `make` returns, remembered in this process for HOST_CACHE_SECONDS.

    For what is asked of companies, hosts and regions in every request. Threads share it: do not write on it.
    """
    now = time.monotonic()
    known = _remembered.get(key)
    if known is None or known[0] < now:
        if len(_remembered) > HOST_CACHE_LIMIT:
            _remembered.clear()
        seconds = getattr(settings, "HOST_CACHE_SECONDS", 5)
        known = _remembered[key] = (now + seconds, make())
    return known[1]


def forget_routes() -> None:
    """Forget what is remembered, after a change of companies or domains in this process."""
    _remembered.clear()


def route(hostname: str) -> Route | None:
    """Return the company of a normalised host, or None; remembered for a few seconds.

    A copy is handed out: the middleware writes on the company, and threads share the memory.
    """
    found: Route | None = remembered(("host", hostname), lambda: _look_up(hostname))
    return Route(copy.copy(found.company), found.behind) if found else None


def _look_up(hostname: str) -> Route | None:
    domain = Domain.objects.select_related("tenant").filter(domain=hostname).first()
    if domain is None:
        return None
    company: GasCompany = domain.tenant
    behind = company.status in GasCompany.AT_WORK and is_behind(company.schema_name)
    return Route(company, behind)


@lru_cache(maxsize=1)
def _latest_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app, read once: code does not change under a process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def is_behind(schema_name: str) -> bool:
    """Tell whether the schema lacks a migration that the code has; a schema that is ahead serves.

    Read from the schema itself, not from a note about it, so that a repair counts at once.
    """
    table = f'"{schema_name}"."django_migrations"'
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        if cursor.fetchone() == (None,):
            return True
        cursor.execute(f"SELECT app, name FROM {table}")  # noqa: S608 — a name from our own table
        applied = set(cursor.fetchall())
    return not _latest_migrations() <= applied
