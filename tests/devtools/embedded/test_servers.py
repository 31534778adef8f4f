import concurrent.futures
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtools import embedded
from tests.devtools.embedded.helpers import (
    connect,
    postmaster,
    processes,
    processes_left,
    read,
    sockets,
    write,
)


def test_data_survives_a_stop(folder: Path) -> None:
    assert embedded.find_running(folder) is None
    servers = embedded.start(folder)
    assert servers == embedded.find_running(folder) == embedded.addresses(folder)
    write(servers, "показание")
    embedded.stop(folder)
    assert embedded.find_running(folder) is None
    assert processes_left(str(folder)) == []
    assert read(embedded.start(folder)) == ("показание", "показание")


def test_asking_leaves_no_trace(folder: Path) -> None:
    embedded.find_running(folder)
    embedded.stop(folder)
    assert not folder.exists()


def test_starting_again_changes_nothing(folder: Path) -> None:
    embedded.start(folder)
    pid = postmaster(folder)
    embedded.start(folder)
    assert postmaster(folder) == pid


def test_killed_servers_lose_nothing(folder: Path) -> None:
    servers = embedded.start(folder)
    write(servers, "показание")
    running = processes(str(sockets(servers)))
    assert len(running) == 2
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    while processes(str(sockets(servers))):
        time.sleep(0.01)
    assert embedded.find_running(folder) is None
    assert read(embedded.start(folder)) == ("показание", "показание")


def test_a_stranger_with_the_dead_servers_number_is_left_alone(folder: Path) -> None:
    servers = embedded.start(folder)
    write(servers, "показание")
    pid = postmaster(folder)
    os.kill(pid, signal.SIGKILL)
    while embedded.find_running(folder):
        time.sleep(0.01)
    uid = (folder / "servers").stat().st_uid
    stranger = subprocess.Popen(["/bin/sleep", "60"], user=uid if os.geteuid() == 0 else None)
    try:
        for name in (folder / "servers/postgres/postmaster.pid", *sockets(servers).glob(".*.lock")):
            name.write_text(name.read_text().replace(str(pid), str(stranger.pid), 1))
        assert read(embedded.start(folder)) == ("показание", "показание")
        embedded.stop(folder)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_sockets_swept_away_by_a_cleaner_of_tmp_come_back(folder: Path) -> None:
    servers = embedded.start(folder)
    write(servers, "показание")
    (sockets(servers) / ".s.PGSQL.5432").unlink()
    assert embedded.find_running(folder) is None
    assert read(embedded.start(folder)) == ("показание", "показание")


def test_two_starters_make_one_server(folder: Path) -> None:
    command = (
        "import sys, pathlib; from devtools import embedded;"
        " embedded.start(pathlib.Path(sys.argv[1]))"
    )

    def start(_: int) -> None:
        subprocess.run([sys.executable, "-c", command, str(folder)], check=True)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(start, range(3)))
    assert postmaster(folder)
    assert len(processes(f"{folder}/servers/postgres")) == 1


def test_two_folders_side_by_side(folder: Path, base: Path) -> None:
    other = base / "other"
    try:
        first, second = embedded.start(folder), embedded.start(other)
        write(first, "псков")
        write(second, "новгород")
        assert (read(first)[0], read(second)[0]) == ("псков", "новгород")
        embedded.stop(other)
        assert read(first) == ("псков", "псков")
    finally:
        embedded.remove(other)


def test_cyrillic_letters_are_letters(folder: Path) -> None:
    """To PostgreSQL's searches, too; with the locale C they are not."""
    with connect(embedded.start(folder)) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT lower('ЁЖ'), show_trgm('ёж') <> '{}'").fetchone()
    assert row == ("ёж", True)


def test_the_portal_is_no_superuser(folder: Path) -> None:
    with connect(embedded.start(folder)) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, True)


def test_servers_of_the_environment_are_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere/0")
    expected = embedded.Servers(
        database_url="postgres://somewhere/portal",
        redis_url="redis://somewhere/0",
        broker_url="redis://somewhere/0",
    )
    assert embedded.start(folder) == embedded.find_running(folder) == expected
    assert not folder.exists()


def test_one_server_of_the_environment_leaves_the_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/portal")
    servers = embedded.start(folder)
    assert servers.database_url == "postgres://somewhere/portal"
    assert servers.redis_url.startswith("unix:///tmp/")
    assert not (folder / "servers/postgres").exists()
    assert embedded.find_running(folder) == servers
