from pathlib import Path

from portal import embedded
from tests.embedded.helpers import connect, read, write


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
