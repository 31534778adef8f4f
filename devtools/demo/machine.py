"""The demo's folders, its port and its lock on this machine."""

import errno
import fcntl
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
MAIL = LOCAL / "mail"
BILLS = LOCAL / "bills"
YOOKASSA = LOCAL / "yookassa"
SAMPLES = ROOT / "samples"


class DemoError(Exception):
    """The demo cannot run; the text is for the person at the console."""


def terminal_is_gone() -> bool:
    """Return whether the terminal was closed.

    Over `ssh -t host make demo` only make gets the signal, and make waits for this process.
    """
    console = select.poll()
    console.register(1, 0)
    return any(event & select.POLLHUP for _, event in console.poll(0))


def check_port(port: int) -> None:
    """Raise DemoError if the port is taken.

    Parts of a demo that was killed a moment ago may still be closing, so it is tried for a while.
    """
    for _ in range(20):
        if _is_free(port):
            return
        time.sleep(0.2)
    free = next((each for each in range(port + 1, 65536) if _is_free(each)), 8000)
    raise DemoError(f"Порт {port} занят другой программой. Выберите другой: make demo PORT={free}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            raise DemoError(f"Порт — число от 1 до 65535, а не {port}.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise DemoError(f"Порт {port} не открыть: {error.strerror}.") from error
    return True


def listening_near(port: int, *, away: int) -> socket.socket:
    """Return a socket on a port that stays the same over restarts, or on any if that one is taken.

    A page of the bank that was opened before a restart is found again.
    """
    for each in (port + away, 0):
        try:
            return socket.create_server(("127.0.0.1", each))
        except (OSError, OverflowError):
            continue
    raise DemoError("Нет свободного порта.")


@contextmanager
def claimed(port: int) -> Iterator[None]:
    """Hold the lock of the folder: one demo at a time."""
    with (LOCAL / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoError(
                f"Демонстрация в этой папке уже запущена: http://gas.localhost:{lock.read()}/"
            ) from None
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield
