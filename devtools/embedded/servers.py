"""Starting, finding and stopping the servers of a folder."""

import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from devtools.embedded.account import EmbeddedServerError
from devtools.embedded.places import Place, place_of, was_used
from devtools.embedded.postgres import Postgres
from devtools.embedded.program import Program
from devtools.embedded.valkey import Valkey

_PATIENCE = 60  # seconds; recovery after a crash takes its time
_started: list["subprocess.Popen[bytes]"] = []  # a dropped Popen of a live process warns


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Where the servers are; given by the environment where it names them.

    `database_url` is for django-environ, `redis_url` for redis-py and Django's cache, `broker_url`
    for Celery. The user `portal` owns the database `portal`; it is no superuser, but may create
    databases.
    """

    database_url: str
    redis_url: str
    broker_url: str


class Server(Protocol):
    """One embedded server of a folder."""

    name: str
    variable: str  # of the environment: names another server to use instead

    def prepare(self, report: Callable[[str], None]) -> None: ...
    def program(self) -> Program: ...
    def accepts(self) -> bool: ...
    def ready(self) -> bool: ...
    def stop(self) -> None: ...


def embedded_servers(folder: Path, *, throwaway: bool = False) -> list[Server]:
    """Return the servers that DATABASE_URL and REDIS_URL do not name: those to start."""
    return _left_to_us(place_of(folder, throwaway=throwaway))


def _left_to_us(place: Place) -> list[Server]:
    return [server for server in _both(place) if not os.environ.get(server.variable)]


def _both(place: Place) -> list[Server]:
    return [Postgres(place), Valkey(place)]


def addresses(folder: Path, *, throwaway: bool = False) -> Servers:
    """Return where `start` puts the servers; nothing is started or asked."""
    place = place_of(folder, throwaway=throwaway)
    valkey = Valkey(place)
    redis_url = os.environ.get("REDIS_URL")
    return Servers(
        database_url=os.environ.get("DATABASE_URL") or Postgres(place).url,
        redis_url=redis_url or valkey.url,
        broker_url=os.environ.get("BROKER_URL") or redis_url or valkey.broker_url,
    )


def find_running(folder: Path, *, throwaway: bool = False) -> Servers | None:
    """Return the servers if all of them accept connections now. Costs two connects."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return addresses(folder)
    if not was_used(folder):
        return None
    if not all(server.accepts() for server in embedded_servers(folder, throwaway=throwaway)):
        return None
    return addresses(folder, throwaway=throwaway)


def start(
    folder: Path, *, throwaway: bool = False, report: Callable[[str], None] = lambda _: None
) -> Servers:
    """Start what does not run yet and wait until it answers. The servers outlive the caller.

    `throwaway` is for tests: servers of their own, in memory and without fsync. `report` is called
    with the slow steps. Raises EmbeddedServerError with the end of the server's log.
    """
    place = place_of(folder, throwaway=throwaway)
    servers = _left_to_us(place)
    if servers:
        with place.locked():
            for server in servers:
                _start(server, report)
    return addresses(folder, throwaway=throwaway)


def _start(server: Server, report: Callable[[str], None]) -> None:
    _reap()
    end = time.monotonic() + _PATIENCE
    process = None
    while not server.ready():
        if time.monotonic() > end:
            raise EmbeddedServerError(f"{server.name} не отвечает.\n{_end_of_log(server)}")
        if process is None and not server.accepts():
            server.prepare(report)
            process = server.program().spawn(tied=False)
            _started.append(process)
        elif process and process.poll() is not None:
            # Killed just now, the old server's workers hold its memory for a moment longer.
            if time.monotonic() > end - _PATIENCE + 10:
                raise EmbeddedServerError(f"{server.name} не запускается.\n{_end_of_log(server)}")
            process = None
            time.sleep(0.5)
        time.sleep(0.02)


def _end_of_log(server: Server) -> str:
    log = server.program().log
    return f"{log}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-10:])


def stop(folder: Path, *, throwaway: bool = False) -> None:
    """Stop the servers that run. Raises EmbeddedServerError when one does not stop."""
    if not was_used(folder):
        return
    place = place_of(folder, throwaway=throwaway)
    with place.locked():
        for server in reversed(_both(place)):
            server.stop()
    _reap()


def _reap() -> None:
    _started[:] = [process for process in _started if process.poll() is None]


def remove(folder: Path) -> None:
    """Stop the servers and delete their data, the tests' data included."""
    stop(folder)
    stop(folder, throwaway=True)
    if was_used(folder):
        place_of(folder).remove_data()


@contextmanager
def throwaway_servers(folder: Path) -> Iterator[Servers]:
    """Run the servers of tests; the last of the sessions that use them at once stops them.

    Data of earlier sessions is still there. Raises EmbeddedServerError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "test-servers.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield_servers = start(folder, throwaway=True)
        try:
            yield yield_servers
        finally:
            try:
                # Giving up the shared lock first lets one of two that end together be the last.
                fcntl.flock(users, fcntl.LOCK_UN)
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another session still tests
            else:
                stop(folder, throwaway=True)
