"""A new company by the template against plain `migrate_schemas`, in one run. Wanted: at least 15 times.

Both run in this warm process, so neither pays for starting Python. The company is a whole one: row,
domain, schema, home page; plain migrations only make the tables.
"""

import statistics
import time

from django.core.management import call_command

from portal.connection import connection
from tenants.services import company_provision

ROUNDS = 5


def provision(number: int) -> float:
    started = time.perf_counter()
    company_provision(
        schema_name=f"bench{number}",
        name=f"Компания {number}",
        regions=["Тверская область"],
        domain=f"bench{number}.gas.localhost",
        open_at_once=True,
    )
    return time.perf_counter() - started


def migrate(number: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "plain{number}"')
    started = time.perf_counter()
    call_command("migrate_schemas", schema_name=f"plain{number}", interactive=False, verbosity=0)
    return time.perf_counter() - started


def bench_provisioning(own_db):
    provision(0)  # imports and plans, once
    copies = [provision(number) for number in range(1, ROUNDS + 1)]
    plain = [migrate(number) for number in range(2)]
    copied, migrated = statistics.median(copies), statistics.median(plain)
    print(  # noqa: T201 — a benchmark is for reading
        f"\nprovisioning: {copied:.2f} s a company ({min(copies):.2f}–{max(copies):.2f}, "
        f"{ROUNDS} rounds); migrate_schemas: {migrated:.2f} s; "
        f"{migrated / copied:.1f} times faster"
    )
