"""A code's way from POST to SMTP beside an import and a mailing, and the idle work of many companies.

    python -m tests.benchmarks.bench_queues

On the database of DATABASE_URL, with a worker process for each queue and beat, as the demo starts them.
Sizes come from the environment: BENCH_ACCOUNTS (100 000), BENCH_LETTERS (20 000), BENCH_CODES (20) and
BENCH_COMPANIES (80). Wanted: a code beside the import and the letters takes at most 1.5 times as long as
on an idle system; idle, at most 2 tasks a second and 3 % of a core for the workers and beat.
"""

import datetime
import logging
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

# A company of its own for each run: a package that was applied before is not imported again.
SCHEMA = f"bench_queues_{int(time.time())}"
HOST = f"{SCHEMA.replace('_', '-')}.gas.localhost"
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "100000"))
LETTERS = int(os.environ.get("BENCH_LETTERS", "20000"))
CODES = int(os.environ.get("BENCH_CODES", "20"))
COMPANIES = int(os.environ.get("BENCH_COMPANIES", "80"))
IDLE_SECONDS = int(os.environ.get("BENCH_IDLE_SECONDS", "180"))
QUEUES = ("urgent", "default", "bulk")


class Inbox:
    """Notes when a letter to whom arrived."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        for recipient in envelope.rcpt_tos:
            self.arrived.setdefault(recipient, time.monotonic())
        return "250 OK"


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    import django

    django.setup()
    from django.conf import settings

    settings.CAPTCHA_PROVIDER = "testing"
    logging.disable(logging.WARNING)
    inbox = Inbox()
    smtp = Controller(inbox, hostname="127.0.0.1", port=port)
    smtp.start()
    with tempfile.TemporaryDirectory() as folder:
        try:
            codes(Path(folder), inbox)
            idle(Path(folder))
        finally:
            smtp.stop()


def codes(folder: Path, inbox: Inbox) -> None:
    purge()
    company = provisioned(SCHEMA, HOST)
    package = sample(folder)
    with processes(folder, QUEUES):
        code(company, inbox, "warm@mail.ru")
        alone = [code(company, inbox, f"alone{number}@mail.ru") for number in range(CODES)]
        started = time.monotonic()
        enqueue_package(company, package)
        enqueue_letters(company)
        wait_until(lambda: importing(company), "the import did not begin")
        busy = []
        for number in range(CODES):
            if not importing(company):
                say(f"the import was over after {time.monotonic() - started:.0f} s")
                break
            busy.append(code(company, inbox, f"busy{number}@mail.ru"))
        mailing = []
        wait_until(lambda: not importing(company), "the import did not end", seconds=900)
        say(f"import of {ACCOUNTS:_} accounts: {time.monotonic() - started:.0f} s")
        for number in range(CODES):
            if letters_left(company) == 0:
                break
            mailing.append(code(company, inbox, f"mailing{number}@mail.ru"))
        left = letters_left(company)
    forget_letters(company)
    shown("idle system", alone)
    shown(f"beside the import, {LETTERS:_} letters waiting", busy, alone)
    shown(f"beside the letters, {left:_} of them left at the end", mailing, alone)
    say(f"letters sent meanwhile: {LETTERS - left:_}")


def idle(folder: Path) -> None:
    from tenants.models import GasCompany

    for number in range(COMPANIES):
        if GasCompany.objects.filter(status="active").count() < COMPANIES:
            provisioned(f"bench_idle{number}", f"bench-idle{number}.gas.localhost")
    purge()
    with processes(folder, (*QUEUES, "beat")) as running:
        time.sleep(75)  # a first tick: plans, imports, connections
        before, database, done = cpu_of(running), cpu_of_database(), tasks_done(folder)
        started = time.monotonic()
        time.sleep(IDLE_SECONDS)
        seconds = time.monotonic() - started
        used = {name: cpu_of(running)[name] - before[name] for name in before}
        tasks = tasks_done(folder) - done
        say(
            f"idle, {GasCompany.objects.filter(status='active').count()} companies: "
            f"{tasks / seconds:.2f} tasks/s (wanted 2); workers and beat "
            f"{100 * sum(used.values()) / seconds:.1f} % of a core (wanted 3): "
            + ", ".join(f"{name} {100 * cpu / seconds:.1f}" for name, cpu in used.items())
            + f"; PostgreSQL {100 * (cpu_of_database() - database) / seconds:.1f} %"
        )


# --- one code -----------------------------------------------------------------------------------


def code(company: Any, inbox: Inbox, email: str) -> tuple[float, float]:
    """Register, and return the seconds of the POST and those until the letter with the link arrived."""
    from django.core.cache import caches
    from django.test import Client, override_settings

    from cabinet.subscribers.consents.documents import documents_to_accept
    from tenants.schemas import in_company

    with in_company(company):
        boxes = {one.kind: one.text_hash[:16] for one in documents_to_accept(company)}
    caches["shared"].clear()  # the limits of registrations
    form = {"by": "email", "email": email, "password": "синий-кит-42-огонь", "captcha": "human"}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from django.conf import settings

    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        client = Client(headers={"host": HOST})
        started = time.monotonic()
        answer = client.post("/cabinet/register/", {**form, **boxes})
        posted = time.monotonic() - started
    if answer.status_code != 302:
        raise SystemExit(f"the registration was refused: {answer.status_code}")
    wait_until(lambda: email in inbox.arrived, "the code did not come", seconds=300)
    return posted, inbox.arrived[email] - started


def shown(
    title: str, times: list[tuple[float, float]], base: list[tuple[float, float]] | None = None
) -> None:
    if not times:
        say(f"code, {title}: nothing measured, it was over too soon")
        return
    median = statistics.median(whole for _, whole in times)
    after = statistics.median(whole - posted for posted, whole in times)
    line = (
        f"code, {title}: POST to SMTP {median * 1000:.0f} ms (longest "
        f"{max(whole for _, whole in times) * 1000:.0f}), of it after the answer {after * 1000:.0f} ms"
    )
    if base:
        ratio = median / statistics.median(whole for _, whole in base)
        line += f"; {ratio:.2f} times the idle one (wanted 1.5)"
    say(f"{line} ({len(times)} codes)")


# --- the load -----------------------------------------------------------------------------------


def provisioned(schema: str, domain: str) -> Any:
    from tenants.models import GasCompany
    from tenants.services import company_provision

    found = GasCompany.objects.filter(schema_name=schema).first()
    return found or company_provision(
        schema_name=schema,
        name=schema,
        regions=["Псковская область"],
        domain=domain,
        open_at_once=True,
    )


def sample(folder: Path) -> Path:
    from devtools.sample.services import sample_write

    sample_write(
        path=folder / "package",
        tenant=SCHEMA,
        is_gas=True,
        accounts=ACCOUNTS,
        months=12,
        seed=5,
        last_month=datetime.date(2026, 10, 1),
        as_of=datetime.datetime.fromisoformat("2026-11-05T06:00:00+03:00"),
        mode="full",
    )
    return Path(shutil.make_archive(str(folder / "package"), "zip", folder / "package"))


def enqueue_package(company: Any, path: Path) -> None:
    from cabinet.exchange.models import Package
    from cabinet.exchange.upload import Sender, Wishes, package_receive
    from tenants.schemas import in_company

    def parts() -> Iterator[bytes]:
        with path.open("rb") as file:
            while part := file.read(1024**2):
                yield part

    with in_company(company):
        package_receive(
            parts=parts(),
            sender=Sender("bench", "127.0.0.1", Package.Source.API),
            wishes=Wishes(False, False),
        )


def importing(company: Any) -> bool:
    from cabinet.exchange.models import Package
    from tenants.schemas import in_company

    with in_company(company):
        return Package.objects.filter(state__in=["running", "queued"]).exists()


def enqueue_letters(company: Any) -> None:
    import json

    from portal.jobs import job_enqueue
    from portal.messaging.models import Message
    from tenants.schemas import in_company

    context = {
        "company_name": company.name,
        "account_number": "805107",
        "month": "ноябрь 2026 г.",
        "until": "25 ноября",
        "url": "http://x/",
        "off_url": "http://x/off/",
    }
    letters = [
        Message(
            kind="readings_reminder",
            recipient=f"letter{number}@mail.ru",
            context=json.dumps(context),
        )
        for number in range(LETTERS)
    ]
    with in_company(company):
        Message.objects.bulk_create(letters, batch_size=1000)
        for letter in letters:
            job_enqueue(letter)


def letters_left(company: Any) -> int:
    from portal.messaging.models import Message
    from tenants.schemas import in_company

    with in_company(company):
        return Message.objects.filter(kind="readings_reminder", state="pending").count()


def forget_letters(company: Any) -> None:
    """Delete what is left: an idle system has no letters for the ticks to find."""
    from portal.messaging.models import Message
    from tenants.schemas import in_company

    with in_company(company):
        Message.objects.all().delete()


def purge() -> None:
    from portal.celery import app

    with app.connection_for_write() as broker:
        for queue in QUEUES:
            with suppress(Exception):
                broker.default_channel.queue_purge(queue)


# --- the processes ------------------------------------------------------------------------------


@contextmanager
def processes(folder: Path, names: tuple[str, ...]) -> Iterator[dict[str, int]]:
    """Start workers and beat by the demo's command lines; yield their process numbers by name."""
    from devtools.demo import parts
    from portal.http import health

    env = os.environ | {"CELERY_SKIP_CHECKS": "1"}
    started: dict[str, subprocess.Popen[bytes]] = {}
    for name in names:
        program = parts.beat(env) if name == "beat" else parts.worker(env, name)
        argv = [str(folder / "beat") if "beat-schedule" in one else one for one in program.argv]
        log = (folder / f"{name}.log").open("ab")
        started[name] = subprocess.Popen(
            argv, env=env, cwd=program.cwd, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wanted = ["beat" if name == "beat" else health.worker_part(name) for name in names]
        wait_until(
            lambda: all(health.parts()[part] == "ok" for part in wanted), "workers did not start"
        )
        yield {name: process.pid for name, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()


def tasks_done(folder: Path) -> int:
    return sum(
        (folder / f"{name}.log").read_text(errors="replace").count("succeeded in")
        for name in QUEUES
    )


def cpu_of(running: dict[str, int]) -> dict[str, float]:
    """Return the seconds of processor time of each, its children included."""
    return {
        name: sum(_cpu(pid) for pid in _processes() if _session(pid) == leader)
        for name, leader in running.items()
    }


def cpu_of_database() -> float:
    """Return the seconds of processor time of the server and its processes, also of ended ones."""
    from portal.connection import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = int(_stat(cursor.fetchone()[0])[1])
    children = [pid for pid in _processes() if _stat(pid)[1] == str(postmaster)]
    return _cpu(postmaster, ended=True) + sum(_cpu(pid) for pid in children)


def _processes() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended
        return ["0"] * 20


def _session(pid: int) -> int:
    return int(_stat(pid)[3])


def _cpu(pid: int, *, ended: bool = False) -> float:
    ticks = _stat(pid)[11 : 15 if ended else 13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def wait_until(found: Callable[[], object], otherwise: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not found():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(0.002)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
