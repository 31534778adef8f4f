"""A program to run: a server here, or a part of the demo."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devtools.embedded.account import Account

_LOG_LIMIT = 5 * 1024**2
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # loaded before any fork: a child should only call it


def end_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel for that signal when the parent dies, even by `kill -9`. Linux only."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, int(how))


@dataclass(frozen=True, kw_only=True)
class Program:
    name: str  # for people
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    pass_fds: tuple[int, ...] = ()
    talks: bool = False  # its standard output is for people, only errors go to the log

    def spawn(self, *, tied: bool) -> "subprocess.Popen[bytes]":
        """Start the program in a session of its own: Ctrl-C in the terminal is for the caller alone.

        With `tied` the kernel stops it when the caller dies, even by `kill -9` (Linux only). The output
        goes to a file, never to a pipe: a server outlives the reader of a pipe and then blocks.
        """
        parent = os.getpid()

        def before_program() -> None:
            end_with_parent(self.stop_signal)
            if os.getppid() != parent:  # it died before the kernel was asked
                os._exit(1)

        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=None if self.talks else log,
                stderr=log,
                env=dict(self.env),
                cwd=self.cwd,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                start_new_session=True,
                pass_fds=self.pass_fds,
                preexec_fn=before_program if tied else None,
            )
