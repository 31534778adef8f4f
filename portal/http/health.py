"""`/healthz`: which parts are up, on any host, before anything else runs."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

ALIVE_SECONDS = 30
_PAUSE = 5  # seconds


class Heartbeat:
    """The sign of life of a part, in Valkey. A Valkey that is down stops no part."""

    def __init__(self, part: str) -> None:
        self.part, self._last = part, 0.0

    def beat(self) -> None:
        """Note that the part is alive, at most every five seconds."""
        if time.monotonic() - self._last < _PAUSE:
            return
        self._last = time.monotonic()
        try:
            caches["shared"].set(_key(self.part), time.time(), ALIVE_SECONDS)
        except (RedisError, OSError):
            pass


def worker_part(queue: str) -> str:
    """Return the name of the part that works off a queue."""
    return f"worker-{queue}"


def parts() -> dict[str, str]:
    """Return `ok` or `down` for the database, Valkey, beat and the worker of each queue."""
    beating = ["beat", *(worker_part(queue.name) for queue in settings.CELERY_TASK_QUEUES)]
    state = dict.fromkeys(("database", "valkey", *beating), "down")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state["database"] = "ok"
    except Error:
        connection.close()
    try:
        alive = caches["shared"].get_many([_key(part) for part in beating])
        state["valkey"] = "ok"
        state |= {part: "ok" for part in beating if _key(part) in alive}
    except (RedisError, OSError):
        pass  # without Valkey the state of workers and beat is unknown
    return state


class HealthMiddleware:
    """Before the tenant middleware: a load balancer asks by address, not by a company's host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/healthz":
            return self.get_response(request)
        state = parts()
        healthy = all(value == "ok" for value in state.values())
        return JsonResponse(
            state, status=200 if healthy else 503, headers={"Cache-Control": "no-store"}
        )


def _key(part: str) -> str:
    return f"health:{part}"
