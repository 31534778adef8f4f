"""The demo from the first step to the last."""

import errno
import fcntl
import http.client
import json
import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import redis

from portal.demo import parts, report, static
from portal.demo.places import LOCAL, LOG
from portal.demo.processes import Stopped, Supervisor
from portal.embedded import Server, addresses, embedded_servers
from portal.embedded.program import Program

_PATIENCE = 120  # seconds
_PREPARED = LOCAL / "prepared"


class DemoError(Exception):
    """The demo cannot run; the text is for the person at the console."""


def run(*, port: int, say: Callable[[str], None]) -> None:
    """Runs the demo until a signal comes. Raises DemoError or EmbeddedServerError."""
    started = time.monotonic()
    LOG.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(say)
    with _claimed(port), suppress(Stopped), supervisor.running(), _mail_socket() as mail_socket:
        _check_port(port)
        try:
            _start(supervisor, port=port, mail_socket=mail_socket, say=say)
            say(report.table(port=port, seconds=time.monotonic() - started))
            supervisor.watch(_terminal_is_gone)
        except Stopped:
            say("\nОстанавливаю…")
            raise
    say("Демонстрация остановлена.")


def _start(
    supervisor: Supervisor, *, port: int, mail_socket: socket.socket, say: Callable[[str], None]
) -> None:
    say("1/4 Серверы: PostgreSQL и Valkey")
    _start_servers(supervisor, say)
    servers = addresses(LOCAL)
    _forget_heartbeats(servers.redis_url)
    env = parts.environment(servers=servers, port=port, mail_port=mail_socket.getsockname()[1])
    say("2/4 Почта")
    supervisor.add(lambda: parts.mail(mail_socket))
    say("3/4 Данные: таблицы, компании, показания")
    if not static.is_collected():
        say("  · стили и скрипты")
        if supervisor.run_once(parts.collect_static(env)):
            raise DemoError(f"Стили и скрипты не собраны. Подробности: {LOG / 'static.log'}")
        static.remember()
    # Two cores need seconds to load each part, so a second start does not wait for the data; a
    # company that lacks a migration answers 503 until it is there.
    was_prepared = _PREPARED.exists()
    if was_prepared:
        _add_services(supervisor, env, port=port)
    if supervisor.run_once(parts.prepare(env)):
        raise DemoError(f"Данные не загружены. Подробности: {LOG / 'prepare.log'}")
    _PREPARED.touch()
    say("4/4 Сайт, задачи и расписание")
    if not was_prepared:
        _add_services(supervisor, env, port=port)
    if not _wait(supervisor, lambda: not _parts_down(port), tick=0.3):
        raise DemoError(f"Не отвечают: {_parts_down(port)}. Журналы: {LOG}")


def _add_services(supervisor: Supervisor, env: dict[str, str], *, port: int) -> None:
    supervisor.add(lambda: parts.worker(env))
    supervisor.add(lambda: parts.beat(env))
    supervisor.add(lambda: parts.web(env, port=port))


def _start_servers(supervisor: Supervisor, say: Callable[[str], None]) -> None:
    for variable in ("DATABASE_URL", "REDIS_URL"):
        if os.environ.get(variable):
            say(f"  · задана {variable}: работаю с тем сервером, своего не запускаю")
    for server in embedded_servers(LOCAL):
        server.stop()  # started by hand, or left by a demo that was killed a moment ago

        def make(server: Server = server) -> Program:
            server.prepare(lambda step: say(f"  · {step}"))
            return server.program()

        supervisor.add(make, is_server=True)
        if not _wait(supervisor, server.ready, tick=0.02):
            raise DemoError(f"{server.name} не отвечает. Журналы: {LOG}")


def _forget_heartbeats(redis_url: str) -> None:
    """Those of a demo that ended seconds ago: /healthz would take them for this one's."""
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter("*:health:*"):
            client.delete(key)


def _wait(supervisor: Supervisor, ready: Callable[[], bool], *, tick: float) -> bool:
    end = time.monotonic() + _PATIENCE
    supervisor.watch(lambda: ready() or time.monotonic() > end, tick=tick)
    return time.monotonic() <= end


def _parts_down(port: int) -> str:
    """By /healthz: the names of the parts that are down, `site` if it does not answer at all."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "gas.localhost"})
        state = json.loads(connection.getresponse().read())
        return ", ".join(name for name, value in state.items() if value != "ok")
    except (OSError, ValueError, http.client.HTTPException):
        return "site"
    finally:
        connection.close()


def _terminal_is_gone() -> bool:
    """Over `ssh -t host make demo` only make hears of it, and make waits for us."""
    console = select.poll()
    console.register(1, 0)
    return any(event & select.POLLHUP for _, event in console.poll(0))


def _check_port(port: int) -> None:
    """The parts of a demo that was killed a moment ago may still be closing."""
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


@contextmanager
def _claimed(port: int) -> Iterator[None]:
    """One demo in a folder."""
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


@contextmanager
def _mail_socket() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening
