"""Django's Redis cache with one client a pool, and a variant that tolerates a Valkey that is down."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.exceptions import RedisError


class _OneClient(RedisCacheClient):
    """One client for the pool: Django makes a new one for every call, half the price of a look-up.

    It is the pool's connections that are per thread, not the client.
    """

    _one: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self._one is None:
            self._one = super().get_client(key, write=write)
        return self._one


class RedisCache(DjangoRedisCache):
    """Raises RedisError when Valkey is down: for counters, where a miss would be wrong."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _OneClient


class TolerantRedisCache(RedisCache):
    """Misses when Valkey is down, so that pages go on: Wagtail asks the cache for each link."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, super().get, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = _or({}, super().get_many, keys, version)
        return found

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        _or(None, super().set, key, value, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(True, super().add, key, value, *args, **kwargs))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(_or(False, super().delete, key, version))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        _or(None, super().delete_many, keys, version)


def _or(otherwise: Any, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return call(*args, **kwargs)
    except (RedisError, OSError):
        return otherwise
