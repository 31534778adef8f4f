"""The kept home page against the same page made afresh, and against a bare view, in one run.

Wanted: at least 15 times as fast as made afresh (measured in Django's handler, where nothing else is in
the figure), and at least 0.5 of the requests a second of a bare Django view that returns as many bytes
(measured over HTTP through gunicorn; the bare view has no middleware at all).
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from cms_pages.stored.page_cache import new_generation
from portal.connection import connection
from tests.support.factories import PSKOV_HOST

ROUNDS = 400


def median_of(*works: Callable[[], object], rounds: int) -> list[float]:
    """The median time of each, taken in turn so that the machine's moods fall on all of them."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, own in zip(works, times, strict=True):
            started = time.perf_counter()
            work()
            own.append(time.perf_counter() - started)
    return [statistics.median(own) for own in times]


def handled() -> Callable[[], object]:
    handler = WSGIHandler()
    environ = RequestFactory().get("/", headers={"host": PSKOV_HOST}).environ

    def work() -> None:
        statuses: list[str] = []
        assert b"".join(handler(dict(environ), lambda status, headers: statuses.append(status)))
        assert statuses == ["200 OK"]

    return work


@contextmanager
def gunicorn(database: str, size: int, *, bare: bool) -> Iterator[Callable[[], object]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    environment |= {"BENCH_DATABASE": database, "BENCH_BYTES": str(size), "BENCH_BARE": "1" * bare}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    server = subprocess.Popen(
        [*command, "tests.benchmarks.serve"], env=environment, stderr=subprocess.DEVNULL
    )

    def work() -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        client.request("GET", "/", headers={"Host": PSKOV_HOST})
        answer = client.getresponse()
        assert (answer.status, len(answer.read())) == (200, size)
        client.close()

    try:
        for _ in range(300):
            try:
                work()
                break
            except OSError:
                time.sleep(0.1)
        yield work
    finally:
        server.terminate()
        server.wait()


def bench_home_page(own_db):
    settings.HOST_CACHE_SECONDS = 5  # as in production
    connection.set_schema_to_public()
    kept = handled()

    def afresh() -> None:
        connection.set_schema("pskov")
        new_generation()
        connection.set_schema_to_public()
        kept()

    size = len(Client(headers={"host": PSKOV_HOST}).get("/").content)
    (uncached,) = median_of(afresh, rounds=60)
    kept()
    (cached,) = median_of(kept, rounds=ROUNDS)
    with (
        gunicorn(own_db, size, bare=False) as portal,
        gunicorn(own_db, size, bare=True) as constant,
    ):
        over_http, bare = median_of(portal, constant, rounds=ROUNDS)
    settings.HOST_CACHE_SECONDS = 0
    print(  # noqa: T201 — a benchmark is for reading
        f"\nhome page in the handler: kept {cached * 1000:.2f} ms, afresh {uncached * 1000:.2f} ms, "
        f"{uncached / cached:.1f} times as fast\n"
        f"home page over HTTP: kept {over_http * 1000:.2f} ms, bare view {bare * 1000:.2f} ms, "
        f"{bare / over_http:.2f} of its speed"
    )
