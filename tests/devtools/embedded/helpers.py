import os
import time
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg
import redis

from devtools.embedded import Servers


def connect(servers: Servers) -> "psycopg.Connection[tuple[object, ...]]":
    """By the parts that the settings would have."""
    database = environ.Env.db_url_config(servers.database_url)
    return psycopg.connect(
        host=database["HOST"], user=database["USER"], dbname=database["NAME"], autocommit=True
    )


def write(servers: Servers, text: str) -> None:
    with connect(servers) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])
    redis.Redis.from_url(servers.redis_url).set("kept", text)


def read(servers: Servers) -> tuple[object, object]:
    with connect(servers) as connection:
        row = connection.execute("SELECT text FROM kept").fetchone()
    kept = redis.Redis.from_url(servers.redis_url).get("kept")
    assert isinstance(kept, bytes)
    return row and row[0], kept.decode()


def sockets(servers: Servers) -> Path:
    return Path(urlsplit(servers.redis_url).path).parent


def postmaster(folder: Path) -> int:
    return int((folder / "servers/postgres/postmaster.pid").read_text().split()[0])


def processes_left(word: str) -> list[int]:
    """Those that are still there after ten seconds: one that has let go of its files ends soon."""
    until = time.monotonic() + 10
    while (found := processes(word)) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def processes(word: str) -> list[int]:
    """Live processes with the word in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if entry.name.isdigit() and word in command and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found
