"""Servers for a test session: in memory, kept between sessions, down when nobody tests."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.embedded.servers import Servers, start, stop


@contextmanager
def throwaway_servers(folder: Path) -> Iterator[Servers]:
    """Running servers; the last of the sessions that use them at once stops them.

    What the sessions before have left in them is still there. Raises EmbeddedServerError.
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
