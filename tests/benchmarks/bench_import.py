"""An import against a bare COPY of the same rows, in one run, on the database of DATABASE_URL.

    python -m tests.benchmarks.bench_import [--accounts 100000] [--months 12]

The bare COPY fills empty tables with the same indexes from a file on disk, as the import does, and
nothing else: no checks, no foreign keys, no manifest. Targets (issue THE EXCHANGE): the first import
at most 3 times its time, under 300 MB; naming all rows with 1 % changed at most 0.4 of the first
import; a delta of 12 000 changed rows at most 0.1.
"""

import argparse
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

SCHEMA = "bench_import"
TABLES = ("accounts_personalaccount", "meters_meter", "meters_reading")
RANDOM = random.Random(5)  # noqa: S311 — figures, not secrets


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
    rows = accounts * (months + 2)
    say(f"{accounts:_} счетов и приборов, {accounts * months:_} показаний: {rows:_} строк")
    whole = {
        "accounts.csv": account_rows(accounts),
        "tariffs.csv": iter([TARIFF_HEADER, TARIFF_ROW]),
        "meters.csv": meter_rows(accounts),
        "readings.csv": reading_rows(accounts, months),
    }
    first, memory = imported(write(folder / "first", "first", whole))
    bare = bare_copy(company, folder)
    same = {
        "accounts.csv": account_rows(accounts),
        "meters.csv": meter_rows(accounts),
        "readings.csv": reading_rows(accounts, months, changed=0.01),
    }
    repeated, _ = imported(write(folder / "same", "second", same))
    few = {"readings.csv": reading_rows(max(1, 12_000 // months), months, changed=1)}
    delta, _ = imported(write(folder / "delta", "third", few))
    say(
        f"первая загрузка       {first:6.2f} с: {rows / first:,.0f} строк/с, память {memory:.0f} МБ"
    )
    say(f"голый COPY            {bare:6.2f} с: загрузка дольше в {first / bare:.2f} раза (цель 3)")
    say(f"все строки, 1 % новых {repeated:6.2f} с: {repeated / first:.2f} первой (цель 0.4)")
    say(f"12 000 новых строк    {delta:6.2f} с: {delta / first:.2f} первой (цель 0.1)")
    drop_company()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# --- the package --------------------------------------------------------------------------------

ACCOUNT_HEADER = (
    "account_number;last_name;first_name;patronymic;address;area_m2;living;registered;"
    "opened_on;closed_on"
)
TARIFF_HEADER = "tariff_code;valid_from;name;unit;price"
TARIFF_ROW = "heat;2024-07-01;Газ;м³;7.391"
METER_HEADER = (
    "meter_id;account_number;model;serial_number;digits;tariff_code;installed_on;"
    "verification_due_on"
)
READING_HEADER = "meter_id;taken_on;value;source"
STREETS = ("Рижский пр.", "ул. Советская", "Октябрьский пр.", "ул. Юбилейная", "ул. Коммунальная")


def account_rows(count: int) -> Iterator[str]:
    yield ACCOUNT_HEADER
    for number in range(count):
        yield (
            f"{800000 + number};Иванов;Пётр;Сергеевич;г. Псков, {STREETS[number % 5]}, "
            f"д. {number % 90 + 1}, кв. {number % 120 + 1};{number % 60 + 30}.50;{number % 5};"
            f"{number % 4};201{number % 10}-03-01;"
        )


def meter_rows(count: int) -> Iterator[str]:
    yield METER_HEADER
    for number in range(count):
        yield (
            f"m{number};{800000 + number};ВК Арзамас G4T;{7416000 + number:08};5;heat;"
            f"2019-05-06;2029-05-0{number % 9 + 1}"
        )


def reading_rows(count: int, months: int, *, changed: float = 0) -> Iterator[str]:
    """`changed`: the part of the values that differ from those of another call."""
    yield READING_HEADER
    for month in range(months):
        day = f"{2024 + month // 12}-{month % 12 + 1:02}-25"
        for number in range(count):
            value = number % 5000 + month * 90 + (RANDOM.random() < changed)
            yield f"m{number};{day};{value};контролёр"


def write(folder: Path, package_id: str, files: dict[str, Iterator[str]]) -> Path:
    from tests.exchange.builder import write_package

    content = {name: "\n".join(rows) + "\n" for name, rows in files.items()}
    return write_package(folder, content, tenant=SCHEMA, package_id=package_id)


# --- the database -------------------------------------------------------------------------------


def fresh_company() -> Any:
    from tenants.services import company_provision

    drop_company()
    return company_provision(
        schema_name=SCHEMA,
        name="Замер",
        regions=["Псковская область"],
        domain="bench.gas.localhost",
    )


def drop_company() -> None:
    from portal.connection import connection
    from tenants.models import GasCompany

    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    company = GasCompany.objects.filter(schema_name=SCHEMA).first()
    if company:
        company.domains.all().delete()
        company.regions.clear()
        GasCompany.objects.filter(pk=company.pk)._raw_delete("default")


def imported(path: Path) -> tuple[float, float]:
    """Seconds of the import, and the most megabytes that its process had."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(import_alone, path).result()


def import_alone(path: Path) -> tuple[float, float]:
    import django

    django.setup()
    from cabinet.exchange.services import package_apply
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
