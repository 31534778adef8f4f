"""Folders in which a server does not start by itself."""

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from devtools import embedded
from devtools.embedded.account import Account
from tests.devtools.embedded.conftest import as_root
from tests.devtools.embedded.helpers import processes, read, sockets, write


def survives_a_restart(folder: Path) -> bool:
    write(embedded.start(folder), "показание")
    embedded.stop(folder)
    return read(embedded.start(folder)) == ("показание", "показание")


def survives_and_is_removed(folder: Path) -> bool:
    try:
        return survives_a_restart(folder)
    finally:
        embedded.remove(folder)


def test_a_path_of_150_characters(base: Path) -> None:
    folder = base / ("д" * 60) / ("long" * 20) / ".local"
    assert len(str(folder)) > 150
    try:
        assert survives_a_restart(folder)
    finally:
        embedded.remove(folder)


@as_root
def test_a_folder_that_other_users_cannot_enter(folder: Path, base: Path) -> None:
    base.chmod(0o700)
    assert survives_a_restart(folder)
    assert not (folder / "servers").exists()


@as_root
def test_programs_that_other_users_cannot_enter(
    folder: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a checkout under /root: neither the programs nor the folder."""
    base.chmod(0o700)
    monkeypatch.setattr(Account, "can_use", lambda *_: False)
    assert survives_a_restart(folder)
    running = processes(str(sockets(embedded.addresses(folder))))
    commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in running]
    assert len(commands) == 2
    assert "site-packages" not in str(commands)


@as_root
def test_a_new_clone_in_the_old_ones_place_starts_empty(folder: Path, base: Path) -> None:
    base.chmod(0o700)
    first = embedded.start(folder)
    embedded.stop(folder)
    (folder / "identity").rename(base / "identity")
    assert embedded.addresses(folder) != first
    (base / "identity").rename(folder / "identity")


@as_root
def test_an_ordinary_user(base: Path) -> None:
    """No account to change to: the servers run as the user, in the user's own closed folder."""
    nobody = pwd.getpwnam("nobody")
    home = base / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    assert in_a_child_as(nobody, lambda: survives_and_is_removed(home / ".local"))


def in_a_child_as(user: pwd.struct_passwd, action: Callable[[], bool]) -> bool:
    """A fork, with everything imported: the user may not enter the interpreter's folder."""
    if (pid := os.fork()) == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            status = 0 if action() else 2
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def test_a_strangers_folder_for_sockets_is_refused(folder: Path) -> None:
    path = sockets(embedded.addresses(folder))
    path.mkdir()
    path.chmod(0o777)
    with pytest.raises(embedded.EmbeddedServerError, match=str(path)):
        embedded.start(folder)
