import shutil
from pathlib import Path

import pytest

from devtools import embedded
from tests.devtools.embedded.helpers import connect, read, sockets, write


def test_the_last_session_stops_them_and_the_data_stays(folder: Path) -> None:
    with embedded.throwaway_servers(folder) as first:
        write(first, "шаблон")
        with embedded.throwaway_servers(folder) as second:
            assert second == first
        assert read(first)[0] == "шаблон"
    assert embedded.find_running(folder, throwaway=True) is None
    with embedded.throwaway_servers(folder) as third, connect(third) as connection:
        assert connection.execute("SELECT text FROM kept").fetchone() == ("шаблон",)


def test_they_are_not_the_demos(folder: Path) -> None:
    with embedded.throwaway_servers(folder) as servers:
        assert embedded.find_running(folder) is None
        assert servers != embedded.addresses(folder)


def test_the_memory_of_a_deleted_checkout_is_freed(folder: Path, base: Path) -> None:
    deleted = base / "deleted"
    with embedded.throwaway_servers(deleted) as servers:
        memory = Path("/dev/shm", sockets(servers).name.removesuffix("-test"))  # noqa: S108
    if not memory.exists():
        pytest.skip("this machine has no room in /dev/shm")
    shutil.rmtree(deleted)
    with embedded.throwaway_servers(folder):
        assert not memory.exists()
    shutil.rmtree(sockets(servers))
