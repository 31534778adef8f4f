"""An import against a bare COPY of the same rows, in one run, on the database of DATABASE_URL.

    python -m tests.benchmarks.bench_import [--accounts 100000] [--months 12]

The package is that of `billing_sample`. The bare COPY fills empty tables with the same indexes from a
file on disk, as the import does, and nothing else: no checks of other rows, no manifest. Targets (issue
THE EXCHANGE): the first import at most 3 times its time, under 300 MB; naming all rows with 1 % changed
at most 0.4 of the first import; a delta of 12 000 changed rows at most 0.1. Pages of the cabinet are
asked for all the while.
"""

import argparse
import datetime
import hashlib
import itertools
import json
import multiprocessing
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

SCHEMA = "bench_import"
HOST = "bench.gas.localhost"
TABLES = ("accounts_personalaccount", "meters_tariff", "meters_meter", "billing_charge")
FILES = frozenset({"accounts.csv", "tariffs.csv", "meters.csv", "charges.csv"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=12)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), arguments.accounts, arguments.months)


def run(folder: Path, accounts: int, months: int) -> None:
    company = fresh_company()
    first_path = sample(folder / "first", accounts, months)
    files = json.loads((first_path / "manifest.json").read_text())["files"]
    rows = sum(file["rows"] for file in files.values())
    say(f"{accounts:_} счетов, строк начислений {files['charges.csv']['rows']:_}, всего {rows:_}")
    first, memory = imported(first_path)
    bare = bare_copy(company, folder)
    say(
        f"первая загрузка       {first:6.2f} с: {rows / first:,.0f} строк/с, память {memory:.0f} МБ"
    )
    say(f"голый COPY            {bare:6.2f} с: загрузка дольше в {first / bare:.2f} раза (цель 3)")
    few = altered(first_path, folder / "few", changed=12_000, all_rows=False)
    delta, _ = imported(few)
    say(f"12 000 новых строк    {delta:6.2f} с: {delta / first:.2f} первой (цель 0.1)")
    some = files["charges.csv"]["rows"] // 100
    same = altered(first_path, folder / "same", changed=some, all_rows=True)
    repeated, _ = imported(same)
    say(f"все строки, 1 % новых {repeated:6.2f} с: {repeated / first:.2f} первой (цель 0.4)")
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        pages(company, altered(first_path, folder / "again", changed=some * 10, all_rows=True))
    drop_company()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# --- the packages -------------------------------------------------------------------------------


def sample(folder: Path, accounts: int, months: int) -> Path:
    from devtools.sample.services import sample_write

    sample_write(
        path=folder,
        tenant=SCHEMA,
        is_gas=True,
        accounts=accounts,
        months=months,
        seed=5,
        last_month=datetime.date(2026, 10, 1),
        as_of=datetime.datetime.fromisoformat("2026-11-05T06:00:00+03:00"),
        mode="full",
        only=FILES,
    )
    return folder


def altered(source: Path, folder: Path, *, changed: int, all_rows: bool) -> Path:
    """Another package, in which so many charges are a rouble higher; the others of it, or nothing else."""
    folder.mkdir()
    manifest = json.loads((source / "manifest.json").read_text())
    rows = manifest["files"]["charges.csv"]["rows"]
    hashed, count = hashlib.sha256(), 0
    with (source / "charges.csv").open("rb") as lines, (folder / "charges.csv").open("wb") as out:
        for line in itertools.chain([next(lines)], _altered(lines, rows, changed, all_rows)):
            out.write(line)
            hashed.update(line)
            count += 1
    manifest["files"]["charges.csv"] = {"rows": count - 1, "sha256": hashed.hexdigest()}
    if all_rows:
        for name in FILES - {"charges.csv"}:
            shutil.copy(source / name, folder / name)
    else:
        manifest["files"] = {"charges.csv": manifest["files"]["charges.csv"]}
        manifest["mode"] = "delta"
    manifest["package_id"] = folder.name
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def _altered(lines: Iterator[bytes], rows: int, changed: int, all_rows: bool) -> Iterator[bytes]:
    """Spread over the file."""
    every = max(1, rows // changed)
    for number, line in enumerate(lines):
        if number % every == 0:
            fields = line.rstrip(b"\n").split(b";")
            for place in (8, 16):  # accrued, closing_balance
                kopecks = round(float(fields[place]) * 100) + 100
                fields[place] = f"{kopecks / 100:.2f}".encode()
            yield b";".join(fields) + b"\n"
        elif all_rows:
            yield line


# --- pages --------------------------------------------------------------------------------------


def pages(company: Any, path: Path) -> None:
    """A person looks at an account without an import and during one."""
    from cabinet.accounts.models import PersonalAccount
    from cabinet.billing.selectors import account_balance, account_months
    from cabinet.subscribers.models import Subscriber
    from tenants.schemas import in_company
    from tests.support.factories import logged_in, make_link, make_subscriber

    with in_company(company):
        account = PersonalAccount.objects.earliest("pk")
    Subscriber.objects.filter(email="bench@mail.ru").delete()  # of a run that was cut short
    subscriber = make_subscriber("bench@mail.ru")
    link = make_link(subscriber, company, account)
    client = logged_in(subscriber, HOST)

    def look() -> None:
        assert client.get(f"/cabinet/{link.pk}/readings/").status_code == 200
        with in_company(company):
            account_balance(account)
            assert account_months(account).months

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(int).result()
        look()
        shown("без загрузки ", [timed(look) for _ in range(100)])
        running: Future[tuple[float, float]] = pool.submit(import_alone, path)
        during = []
        while not running.done():
            during.append(timed(look))
            time.sleep(0.02)
        shown("во время неё ", during)
        running.result()
    subscriber.delete()


def shown(title: str, seconds: list[float]) -> None:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    say(
        f"страница {title} медиана {statistics.median(seconds) * 1000:.0f} мс, "
        f"95 % до {p95 * 1000:.0f} мс, самая долгая {max(seconds) * 1000:.0f} мс ({len(seconds)})"
    )


# --- the database -------------------------------------------------------------------------------


def fresh_company() -> Any:
    from tenants.services import company_provision

    drop_company()
    return company_provision(
        schema_name=SCHEMA,
        name="Замер",
        regions=["Псковская область"],
        domain=HOST,
        open_at_once=True,
    )


def drop_company() -> None:
    from portal.connection import connection
    from tenants.models import GasCompany

    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    company = GasCompany.objects.filter(schema_name=SCHEMA).first()
    if company:
        company.account_links.all().delete()
        company.domains.all().delete()
        company.regions.clear()
        GasCompany.objects.filter(pk=company.pk)._raw_delete("default")  # noqa: SLF001 — a cascade would ask the dropped tables


def imported(path: Path) -> tuple[float, float]:
    """Seconds of the import, and the most megabytes that its process had."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(import_alone, path).result()


def import_alone(path: Path) -> tuple[float, float]:
    import django

    django.setup()
    from cabinet.exchange.package.apply import package_apply
    from tenants.models import GasCompany
    from tenants.routing import is_behind

    company = GasCompany.objects.get(schema_name=SCHEMA)
    is_behind(SCHEMA)  # reads all migrations once for a process
    seconds = timed(lambda: package_apply(company=company, path=path))
    # Not getrusage: its maximum begins with that of the parent.
    status = Path("/proc/self/status").read_text()
    most = re.search(r"VmHWM:\s+(\d+) kB", status)
    return seconds, int(most[1]) / 1024 if most else 0


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bare_copy(company: Any, folder: Path) -> float:
    """Seconds for the stored rows to go into empty tables with the same indexes."""
    from portal.connection import connection
    from tenants.schemas import in_company

    seconds = 0.0
    with in_company(company), connection.cursor() as cursor:
        for table in TABLES:
            file = folder / table
            with file.open("wb") as output, cursor.copy(f"COPY {table} TO STDOUT") as rows:
                output.writelines(rows)
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")

            def load(table: str = table, file: Path = file) -> None:
                with file.open("rb") as rows, cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
                    while chunk := rows.read(256 * 1024):
                        copy.write(chunk)

            seconds += timed(load)
            cursor.execute(f"DROP TABLE bare_{table}")
    return seconds


if __name__ == "__main__":
    main()
