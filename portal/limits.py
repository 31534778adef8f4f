"""Rate limits and lockouts, counted in Valkey over all hosts and processes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache

from django.conf import settings
from django.core.cache import caches
from limits import RateLimitItem
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError


class CountersDown(Exception):
    """Valkey does not answer, so limits cannot be checked."""


@contextmanager
def _valkey() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise CountersDown from error


@lru_cache(maxsize=2)
def _limiter(url: str) -> FixedWindowRateLimiter:
    uri = url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
    return FixedWindowRateLimiter(
        storage_from_string(uri, socket_timeout=2, socket_connect_timeout=2)
    )


class RateLimit:
    """Rate limit per key (fixed window, counted in Valkey).

    `spend` and `seconds_left` raise CountersDown when Valkey is down.
    """

    def __init__(self, name: str, item: RateLimitItem) -> None:
        self.name, self.item = name, item

    @property
    def _window(self) -> FixedWindowRateLimiter:
        return _limiter(settings.CACHES["shared"]["LOCATION"])

    def spend(self, key: str, *, cost: int = 1) -> bool:
        """Count a hit and return whether it was within the limit. Atomic over all processes."""
        with _valkey():
            return self._window.hit(self.item, self.name, key, cost=cost)

    def refund(self, key: str) -> None:
        """Take back a hit that was spent before it was known whether it counts."""
        with _valkey():
            name = self.item.key_for(self.name, key)
            if self._window.storage.get(name) > 0:
                self._window.storage.incr(name, self.item.get_expiry(), -1)

    def try_spend(self, key: str, *, when_down: bool, cost: int = 1) -> bool:
        """Do as `spend`; `when_down` is the answer without Valkey."""
        try:
            return self.spend(key, cost=cost)
        except CountersDown:
            return when_down

    def is_exhausted(self, key: str, *, when_down: bool) -> bool:
        """Return whether the limit is reached, without counting."""
        try:
            return self.seconds_left(key) > 0
        except CountersDown:
            return when_down

    def seconds_left(self, key: str) -> int:
        """Return the seconds until the window ends if the limit is reached, else 0."""
        with _valkey():
            if self._window.test(self.item, self.name, key):
                return 0
            reset = self._window.get_window_stats(self.item, self.name, key).reset_time
        return max(1, round(reset - time.time()))

    def forget(self, key: str) -> None:
        """Begin to count anew; without Valkey there is nothing to forget."""
        with suppress(CountersDown), _valkey():
            self._window.clear(self.item, self.name, key)


def spend_all(*budgets: tuple[RateLimit, str]) -> bool:
    """Count a hit by each limit and its key, and return whether it was within all of them.

    Where one is reached nothing is counted. False without Valkey: for messages to other people's addresses.
    """
    if any(limit.is_exhausted(key, when_down=True) for limit, key in budgets):
        return False
    return all(limit.try_spend(key, when_down=False) for limit, key in budgets)


class LockoutCounter:
    """`limit` failures in a row block a key for `block_seconds`; a success forgets them."""

    def __init__(self, name: str, *, limit: int, block_seconds: int) -> None:
        self.name, self.limit, self.block_seconds = name, limit, block_seconds

    def _key(self, kind: str, key: str) -> str:
        return f"strikes:{self.name}:{kind}:{key}"

    def seconds_left(self, key: str) -> int:
        with _valkey():
            until = caches["shared"].get(self._key("until", key))
        return max(0, round(until - time.time())) if until else 0

    def strike(self, key: str) -> None:
        """Count a failure. The counter is atomic, so that several web processes agree."""
        cache, count = caches["shared"], self._key("count", key)
        with _valkey():
            cache.add(count, 0, 3600)
            try:
                failures = cache.incr(count)
            except ValueError:  # it expired between the two calls
                failures = 1
            if failures >= self.limit:
                until = time.time() + self.block_seconds
                cache.set(self._key("until", key), until, self.block_seconds)
                cache.delete(count)

    def forgive(self, key: str) -> None:
        with _valkey():
            caches["shared"].delete(self._key("count", key))
