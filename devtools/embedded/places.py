"""Where the servers of one folder keep their data, their sockets and their programs.

The sockets never lie in the folder itself: a socket's path has room for 107 bytes only. They lie in
a short folder named by a hash, so everybody who knows the folder finds them without asking.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from devtools.embedded.account import Account, EmbeddedServerError, private_folder, server_account

# Other people can write there too, hence private_folder(). Short on every system, TMPDIR is not.
_SOCKETS = Path("/tmp")  # noqa: S108
_MEMORY = Path("/dev/shm")  # noqa: S108
_MEMORY_NEEDED = 2 * 1024**3
_ELSEWHERE = Path("/var/lib"), Path("/var/tmp")  # noqa: S108


@dataclass(frozen=True, kw_only=True)
class Place:
    folder: Path
    throwaway: bool  # for tests: in memory, no fsync

    @cached_property
    def key(self) -> str:
        """Return a hash of the folder's path and identity.

        With the path alone a new clone in the place of a deleted one would meet the old data.
        """
        identity = _identity(self.folder)
        return hashlib.sha256(f"{self.folder}\0{identity}".encode()).hexdigest()[:12]

    @property
    def sockets(self) -> Path:
        return _SOCKETS / f"gas-portal-{self.key}{'-test' if self.throwaway else ''}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @cached_property
    def account(self) -> Account | None:
        return server_account()

    def make_sockets(self) -> Path:
        return private_folder(self.sockets, self.account)

    @cached_property
    def data(self) -> Path:
        """Return the data folder: in the folder itself if the servers' account can enter it."""
        if self.throwaway and _has_room(_MEMORY):
            _forget_deleted_folders()
            memory = private_folder(_MEMORY / f"gas-portal-{self.key}", self.account)
            (memory / "of").write_text(str(self.folder))
            return memory
        name = "test-servers" if self.throwaway else "servers"
        if self.account:
            moved = any((path / name).exists() for path in self._elsewhere())
            if moved or not self.account.can_use(self.folder):
                return private_folder(self.elsewhere() / name, self.account)
        return private_folder(self.folder / name, self.account)

    def _elsewhere(self) -> list[Path]:
        return [base / f"gas-portal-{self.key}" for base in _ELSEWHERE]

    def elsewhere(self) -> Path:
        """Return a folder outside this one that the servers' account can enter and run programs in.

        Raises EmbeddedServerError when there is no such folder.
        """
        for path in self._elsewhere():
            with suppress(OSError):
                return private_folder(path, self.account)
        tried = " и ".join(map(str, _ELSEWHERE))
        raise EmbeddedServerError(
            f"Пользователь {self.account and self.account.name} не может войти в {self.folder}, "
            f"а записать данные в другое место ({tried}) не удалось."
        )

    def remove_data(self) -> None:
        """Delete everything the servers keep, here and elsewhere. They must be down."""
        here = (self.folder / "servers", self.folder / "test-servers")
        sockets = (_SOCKETS / f"gas-portal-{self.key}", _SOCKETS / f"gas-portal-{self.key}-test")
        memory = _MEMORY / f"gas-portal-{self.key}"
        for path in (*here, *sockets, memory, *self._elsewhere()):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock for starting and stopping; others wait for it."""
        self.log.mkdir(parents=True, exist_ok=True)
        with (self.folder / "servers.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def place_of(folder: Path, *, throwaway: bool = False) -> Place:
    return Place(folder=folder.resolve(), throwaway=throwaway)


def was_used(folder: Path) -> bool:
    """Return whether servers were ever started for this folder, without leaving a trace."""
    return (folder / "identity").exists()


def _identity(folder: Path) -> str:
    """Return a random word kept in the folder, written once by whichever process is first."""
    path = folder / "identity"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        mine = folder / f"identity.{os.getpid()}"
        mine.write_text(secrets.token_hex(8))
        with suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text()


def _forget_deleted_folders() -> None:
    """Free the memory that the tests of deleted checkouts have left."""
    for memory in _MEMORY.glob("gas-portal-*"):
        with suppress(OSError):  # another user's
            folder = Path((memory / "of").read_text())
            if not was_used(folder) or not memory.name.endswith(place_of(folder).key):
                shutil.rmtree(memory, ignore_errors=True)


def _has_room(path: Path) -> bool:
    return path.is_dir() and shutil.disk_usage(path).free > _MEMORY_NEEDED
