"""Real PostgreSQL and Valkey from wheels, for the demo, for development and for tests.

Where the environment names other servers (DATABASE_URL, REDIS_URL), those are used and nothing is
started here. Nothing in this package imports Django: settings ask it where the servers are.
"""

from devtools.embedded.account import EmbeddedServerError
from devtools.embedded.servers import (
    Server,
    Servers,
    addresses,
    embedded_servers,
    find_running,
    remove,
    start,
    stop,
    throwaway_servers,
)

__all__ = [
    "EmbeddedServerError",
    "Server",
    "Servers",
    "addresses",
    "embedded_servers",
    "find_running",
    "remove",
    "start",
    "stop",
    "throwaway_servers",
]
