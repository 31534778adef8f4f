"""The programs that the demo consists of, besides the servers."""

import hashlib
import os
import socket
import sys
from dataclasses import dataclass

from devtools.demo.data.shops import sandbox_shops_write
from devtools.demo.machine import LOCAL, LOG, MAIL, ROOT, YOOKASSA
from devtools.embedded import Servers
from devtools.embedded.program import Program


def environment(
    *, servers: Servers, port: int, mail_port: int, messenger_port: int, bank: "BankSockets"
) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "BROKER_URL": servers.broker_url,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "portal.settings.dev"),
        "DEMO": "1",
        "PUBLIC_PORT": str(port),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "MAX_API_URL": f"http://127.0.0.1:{messenger_port}",
        "YOOKASSA_API_URL": f"https://127.0.0.1:{bank.api.getsockname()[1]}/v3",
        "YOOKASSA_CA_BUNDLE": str(YOOKASSA / "ca.pem"),
        "YOOKASSA_PAGES": bank.address,
        "YOOKASSA_NETWORKS": "127.0.0.1/32",
        "PYTHONUNBUFFERED": "1",
        "CELERY_SKIP_CHECKS": "1",  # a second of the start; the preparation has checked
    }


def prepare(env: dict[str, str]) -> Program:
    argv = (sys.executable, "-m", "devtools.demo.prepare")
    return Program(name="Данные", argv=argv, env=env, cwd=ROOT, log=LOG / "prepare.log", talks=True)


def collect_static(env: dict[str, str]) -> Program:
    argv = (sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
    return Program(name="Статика", argv=argv, env=env, cwd=ROOT, log=LOG / "static.log")


def mail(listening: socket.socket) -> Program:
    MAIL.mkdir(parents=True, exist_ok=True)
    number = listening.fileno()
    return Program(
        name="Почта",
        argv=(sys.executable, "-m", "devtools.demo.mail", str(number), str(MAIL)),
        env=dict(os.environ),
        cwd=ROOT,
        log=LOG / "mail.log",
        pass_fds=(number,),
    )


def messenger(listening: socket.socket, *, port: int) -> Program:
    MAIL.mkdir(parents=True, exist_ok=True)
    number = listening.fileno()
    arguments = (str(number), str(MAIL), str(LOCAL / "messenger.json"), str(port))
    return Program(
        name="MAX",
        argv=(sys.executable, "-m", "devtools.demo.messenger", *arguments),
        env=dict(os.environ),
        cwd=ROOT,
        log=LOG / "messenger.log",
        pass_fds=(number,),
    )


@dataclass(frozen=True)
class BankSockets:
    """Where the stand-in of YooKassa listens: its API, and its pages for browsers."""

    api: socket.socket
    pages: socket.socket

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.pages.getsockname()[1]}"


def bank(sockets: BankSockets, *, port: int) -> Program:
    api, pages = sockets.api.fileno(), sockets.pages.fileno()
    shops = sandbox_shops_write(YOOKASSA / "shops.json", port=port)
    return Program(
        name="ЮKassa",
        argv=(
            *(sys.executable, "-m", "devtools.sandbox", str(YOOKASSA), "--shops", str(shops)),
            *("--api", str(api), "--pages", str(pages)),
        ),
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.dev"},
        cwd=ROOT,
        log=LOG / "yookassa.log",
        pass_fds=(api, pages),
    )


def web(env: dict[str, str], *, port: int) -> Program:
    argv = (
        *(sys.executable, "-m", "gunicorn", "portal.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--timeout", "120"),
        *("--config", "python:portal.gunicorn", "--graceful-timeout", "5"),
    )
    return Program(name="Сайт", argv=argv, env=env, cwd=ROOT, log=LOG / "web.log")


QUEUES = {
    # In one process: short tasks.
    "urgent": ("--pool", "solo"),
    "default": ("--pool", "solo"),
    # A child of its own: an import takes minutes, and the worker has to show that it is alive.
    "bulk": ("--concurrency", "1"),
}


def worker(env: dict[str, str], queue: str) -> Program:
    argv = (
        *(sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", queue),
        *("--hostname", f"{queue}@%h", *QUEUES[queue]),
        *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    )
    log = LOG / f"worker-{queue}.log"
    return Program(name=f"Задачи ({queue})", argv=argv, env=env, cwd=ROOT, log=log)


def beat(env: dict[str, str]) -> Program:
    argv = (
        *(sys.executable, "-m", "celery", "-A", "portal", "beat"),
        *("--loglevel", "INFO", "--pidfile=", "--schedule", str(LOCAL / "beat-schedule")),
    )
    return Program(name="Расписание (beat)", argv=argv, env=env, cwd=ROOT, log=LOG / "beat.log")


_STAMP = LOCAL / "static-of"
_APPS = ("portal", "tenants", "cms_pages", "cabinet")


def _static_fingerprint() -> str:
    """Return a hash of our own files, built and plain, and of the lock file for the packages."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    plain = (path for app in _APPS for path in (ROOT / app).glob("**/static/**/*"))
    for path in sorted((*(ROOT / "portal/assets/dist").rglob("*"), *plain)):
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def static_is_collected() -> bool:
    return (
        _STAMP.exists()
        and _STAMP.read_text() == _static_fingerprint()
        and (LOCAL / "static").is_dir()
    )


def static_remember() -> None:
    _STAMP.write_text(_static_fingerprint())
