"""`/healthz`: which parts are up, on any host, before anything else runs."""

import time
from collections.abc import Callable

from django.core.cache import caches
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

WORKER_KEY = "health:worker"
BEAT_KEY = "health:beat"
ALIVE_SECONDS = 30


def heartbeat(key: str) -> None:
    """Called by worker and beat every few seconds."""
    caches["shared"].set(key, time.time(), ALIVE_SECONDS)


def parts() -> dict[str, str]:
    """`ok` or `down` for the database, Valkey, the worker and beat."""
    state = dict.fromkeys(("database", "valkey", "worker", "beat"), "down")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state["database"] = "ok"
    except Error:
        connection.close()
    try:
        beats = caches["shared"].get_many([WORKER_KEY, BEAT_KEY])
        state["valkey"] = "ok"
        state["worker"] = "ok" if WORKER_KEY in beats else "down"
        state["beat"] = "ok" if BEAT_KEY in beats else "down"
    except (RedisError, OSError):
        pass  # Valkey is down, and without it nobody can tell how worker and beat are
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
