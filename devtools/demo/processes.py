"""Keeps the parts of the demo running, and leaves none behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from devtools.embedded import EmbeddedServerError
from devtools.embedded.program import Program

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TICK = 0.1
PATIENCE = {False: 10.0, True: 30.0}  # seconds, for the parts and for the servers


class Stopped(Exception):
    """A signal asked to stop."""


@dataclass
class _Part:
    make: Callable[[], Program]  # anew at each start: the way may have to be cleared
    is_server: bool
    program: Program
    process: "subprocess.Popen[bytes]"
    restart_at: float | None = None


class Supervisor:
    """Runs programs until a signal comes; a part that dies is started again after a pause.

    Only for the main thread of a process with no other threads: the kernel stops the parts when the
    thread that started them ends.
    """

    def __init__(self, say: Callable[[str], None], *, pause: float = 10) -> None:
        self.say = say
        self.pause = pause
        self._parts: list[_Part] = []
        self._is_starting = False
        self._is_asked_to_stop = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Stop all parts at the end of the block, however it ends. A signal ends it with Stopped."""
        before = {each: signal.getsignal(each) for each in _SIGNALS}
        for each in _SIGNALS:
            if each != signal.SIGHUP or before[each] != signal.SIG_IGN:  # nohup
                signal.signal(each, self._on_signal)
        try:
            yield
        finally:
            self._ignore_signals()
            self._stop_all()
            for each, handler in before.items():
                signal.signal(each, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._is_starting:
            self._is_asked_to_stop = True
            return
        self._ignore_signals()  # an impatient second Ctrl-C must not break the stopping
        raise Stopped

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Delay signals until the started program is on the list.

        A signal in between would leave the program behind. Blocking signals instead would not do: the
        program would inherit that and never receive them.
        """
        self._is_starting = True
        try:
            yield
        finally:
            self._is_starting = False
        if self._is_asked_to_stop:
            self._ignore_signals()
            raise Stopped

    def _ignore_signals(self) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)

    def add(self, make: Callable[[], Program], *, is_server: bool = False) -> None:
        """Start a part. The servers stop last."""
        with self._starting():
            program = make()
            self._parts.append(_Part(make, is_server, program, program.spawn(tied=True)))

    def run_once(self, program: Program) -> int:
        """Run a program to its end and return its exit status; parts that end are restarted meanwhile."""
        with self._starting():
            process = program.spawn(tied=True)
            self._parts.append(part := _Part(lambda: program, False, program, process))
        while not _has_ended(process):
            self.look_after(skip=part)
            time.sleep(_TICK)
        status = _bury(process)
        self._parts.remove(part)
        return status

    def watch(self, until: Callable[[], bool] = lambda: False, *, tick: float = _TICK) -> None:
        while not until():
            self.look_after()
            time.sleep(tick)

    def look_after(self, *, skip: _Part | None = None) -> None:
        for part in self._parts:
            if part is skip:
                continue
            if part.restart_at is None and _has_ended(part.process):
                status = _bury(part.process)
                self.say(
                    f"{part.program.name}: процесс завершился ({_describe(status)}), "
                    f"перезапуск через {self.pause:.0f} с. Журнал: {part.program.log}"
                )
                part.restart_at = time.monotonic() + self.pause
            elif part.restart_at is not None and time.monotonic() >= part.restart_at:
                self._restart(part)

    def _restart(self, part: _Part) -> None:
        try:
            with self._starting():
                part.program = part.make()
                part.process = part.program.spawn(tied=True)
            part.restart_at = None
            self.say(f"{part.program.name}: запущен снова.")
        except (EmbeddedServerError, OSError) as error:
            part.restart_at = time.monotonic() + self.pause
            self.say(f"{part.program.name}: не запускается: {error}")

    def _stop_all(self) -> None:
        for is_server, patience in PATIENCE.items():
            alive = [
                part
                for part in self._parts
                if part.is_server is is_server and part.process.returncode is None
            ]
            for part in alive:
                part.process.send_signal(part.program.stop_signal)
            end = time.monotonic() + patience
            while not all(_has_ended(part.process) for part in alive) and time.monotonic() < end:
                time.sleep(0.02)
            for part in alive:
                _bury(part.process)


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """Return whether the process has ended, without taking its exit status.

    Until the status is taken, the number of the process cannot go to another one.
    """
    if process.returncode is not None:
        return True
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _bury(process: "subprocess.Popen[bytes]") -> int:
    """Kill what is left of a process and its children, and return its exit status."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _describe(status: int) -> str:
    return f"сигнал {-status}" if status < 0 else f"код {status}"
