"""The demo from the first step to the last."""

import http.client
import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial

import redis

from devtools.demo import parts
from devtools.demo.data.companies import COMPANIES
from devtools.demo.data.delegates import DELEGATE
from devtools.demo.data.logins import LOGINS, PASSWORD, SUBSCRIBER, SUBSCRIBER_PHONE, exchange_token
from devtools.demo.machine import (
    BILLS,
    LOCAL,
    LOG,
    DemoError,
    check_port,
    claimed,
    listening_near,
    terminal_is_gone,
)
from devtools.demo.processes import Stopped, Supervisor
from devtools.embedded import Server, addresses, embedded_servers
from devtools.embedded.program import Program
from devtools.sandbox.scenarios import GOOD

_PATIENCE = 120  # seconds
_PREPARED = LOCAL / "prepared"


def run(*, port: int, say: Callable[[str], None]) -> None:
    """Run the demo until a signal comes. Raises DemoError or EmbeddedServerError."""
    started = time.monotonic()
    LOG.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(say)
    with ExitStack() as open_sockets, claimed(port), suppress(Stopped), supervisor.running():
        check_port(port)
        mail_socket, max_socket = (
            open_sockets.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)
        )
        api, pages = (
            open_sockets.enter_context(listening_near(port, away=away)) for away in (2000, 1000)
        )
        bank = parts.BankSockets(api=api, pages=pages)
        try:
            _start(
                supervisor,
                port=port,
                mail_socket=mail_socket,
                max_socket=max_socket,
                bank=bank,
                say=say,
            )
            say(_table(port=port, bank=bank.address, seconds=time.monotonic() - started))
            supervisor.watch(terminal_is_gone)
        except Stopped:
            say("\nОстанавливаю…")
            raise
    say("Демонстрация остановлена.")


def _start(
    supervisor: Supervisor,
    *,
    port: int,
    mail_socket: socket.socket,
    max_socket: socket.socket,
    bank: parts.BankSockets,
    say: Callable[[str], None],
) -> None:
    say("1/4 Серверы: PostgreSQL и Valkey")
    _start_servers(supervisor, say)
    servers = addresses(LOCAL)
    _forget_heartbeats(servers.redis_url)
    env = parts.environment(
        servers=servers,
        port=port,
        mail_port=mail_socket.getsockname()[1],
        messenger_port=max_socket.getsockname()[1],
        bank=bank,
    )
    say("2/4 Почта, MAX и песочница ЮKassa")
    supervisor.add(lambda: parts.mail(mail_socket))
    supervisor.add(lambda: parts.messenger(max_socket, port=port))
    supervisor.add(lambda: parts.bank(bank, port=port))
    say("3/4 Данные: таблицы, компании, показания")
    if not parts.static_is_collected():
        say("  · стили и скрипты")
        if supervisor.run_once(parts.collect_static(env)):
            raise DemoError(f"Стили и скрипты не собраны. Подробности: {LOG / 'static.log'}")
        parts.static_remember()
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
    for queue in parts.QUEUES:
        supervisor.add(partial(parts.worker, env, queue))
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
    """Delete the heartbeats of a demo that ended seconds ago: /healthz would report them."""
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter("*:health:*"):
            client.delete(key)


def _wait(supervisor: Supervisor, ready: Callable[[], bool], *, tick: float) -> bool:
    end = time.monotonic() + _PATIENCE
    supervisor.watch(lambda: ready() or time.monotonic() > end, tick=tick)
    return time.monotonic() <= end


def _parts_down(port: int) -> str:
    """Return the names of the parts that /healthz reports down, `site` if it does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "gas.localhost"})
        state = json.loads(connection.getresponse().read())
        return ", ".join(name for name, value in state.items() if value != "ok")
    except (OSError, ValueError, http.client.HTTPException):
        return "site"
    finally:
        connection.close()


def _table(*, port: int, bank: str, seconds: float) -> str:
    base = f"http://gas.localhost:{port}"
    lines = [
        "",
        f"Портал работает (запуск занял {seconds:.0f} с). Остановить: Ctrl-C.",
        "",
        f"  {base}/   выбор региона",
    ]
    for company in COMPANIES:
        lines.append(f"  http://{company.host}:{port}/   {company.name}")
        if company.example:
            lines.append(f"      показания без регистрации: /guest/readings/ ({company.example})")
        if company.linked_by:
            lines.append(f"      привязка счёта: {company.linked_by}")
    lines += [
        f"  {base}/demo/mail/   письма, СМС и сообщения MAX",
        f"  {bank}/   песочница ЮKassa: платежи, проверочные карты, сбои; карта {GOOD}",
        f"  http://{COMPANIES[0].host}:{port}/api/exchange/v1/   обмен с биллингом; ключ: "
        f"{exchange_token(COMPANIES[0].schema)}",
        f"  {base}/healthz   состояние частей",
        f"  {BILLS}/   квитанции с QR-кодом, чтобы привязать счёт по фото",
        "",
        f"Пароль у всех — {PASSWORD}. Абоненты входят в кабинет любой компании:",
        f"  {f'http://{COMPANIES[0].host}:{port}/cabinet/':<44} {SUBSCRIBER}",
        f"  {'':<44} {SUBSCRIBER_PHONE} (вход по номеру телефона)",
        f"  {'':<44} {DELEGATE} (доверенное лицо по счёту {COMPANIES[0].account})",
        "Сотрудники (администраторы при первом входе настраивают второй фактор: нужно приложение",
        "для кодов, например Яндекс Ключ или FreeOTP):",
    ]
    hosts = {company.schema: company.host for company in COMPANIES} | {"public": "gas.localhost"}
    for login in LOGINS:
        address = f"http://{hosts[login.schema]}:{port}/admin/"
        lines.append(f"  {address:<44} {login.username:<10} {login.title}")
    return "\n".join(lines)
