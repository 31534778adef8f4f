"""Django's process-wide cache of content types knows no schema; here it does.

Ids differ between schemas. One cache for all gave wrong ids under threads, and django-tenants clears
it at every switch, which under threads pulls it away from the other one's feet.
"""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.contenttypes.models import ContentType
from django.db import connections

if TYPE_CHECKING:
    from tenants.database.base import DatabaseWrapper


class CacheBySchema:
    """The dictionary of dictionaries that `ContentTypeManager` expects, keyed by alias and schema."""

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str], dict[Any, ContentType]] = {}

    def _key(self, using: str) -> tuple[str, str]:
        return using, str(cast("DatabaseWrapper", connections[using]).schema_name)

    def __getitem__(self, using: str) -> dict[Any, ContentType]:
        return self._cache[self._key(using)]

    def setdefault(self, using: str, default: dict[Any, ContentType]) -> dict[Any, ContentType]:
        return self._cache.setdefault(self._key(using), default)

    def clear(self) -> None:
        """Nothing: django-tenants calls this at each switch of schema, and every schema has its own."""

    def clear_all(self) -> None:
        self._cache.clear()


cache = CacheBySchema()


def install() -> None:
    """Give the one cache to every manager of `ContentType`. Called once, in `AppConfig.ready`."""
    for manager in (
        ContentType.objects,
        ContentType._default_manager,
        ContentType._base_manager,  # noqa: SLF001
    ):
        if hasattr(manager, "_cache"):
            manager._cache = cache  # noqa: SLF001
