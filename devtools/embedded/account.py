"""Who the embedded servers run as: PostgreSQL refuses root, so root lends them another account."""

import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Account:
    name: str
    uid: int
    gid: int

    def can_use(self, path: Path) -> bool:
        """Ask the kernel, as that account, so that closed parent folders and ACLs count."""
        command = ["test", "-r", str(path), "-a", "-x", str(path)]
        asked = subprocess.run(  # noqa: S603
            command, user=self.uid, group=self.gid, extra_groups=[], cwd="/", check=False
        )
        return asked.returncode == 0


def server_account() -> Account | None:
    """Return the account to run servers as, or None for the current one.

    Raises EmbeddedServerError when this is root and the machine has no other account.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise EmbeddedServerError(
        "PostgreSQL не запускается от root, а учётных записей postgres и nobody на машине нет."
    )


def private_folder(path: Path, account: Account | None) -> Path:
    """Return a folder that only the servers' account may enter; make it if it is missing.

    It may lie in /tmp, where another user can be first to make it: such a folder is refused with
    EmbeddedServerError, never used.
    """
    owner = account.uid if account else os.geteuid()
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if account:
            os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if found.st_uid != owner or path.is_symlink() or found.st_mode & 0o077:
        raise EmbeddedServerError(
            f"Папка {path} принадлежит другому пользователю или открыта для других. "
            "Уберите её и повторите запуск."
        )
    return path


class EmbeddedServerError(Exception):
    """An embedded server cannot start or stop; the text is for the person at the console."""
