"""Costs of what runs over all meters of a company, with 2000 and with 200 000 accounts.

Seen with 200 000, without the sample and the indexes: 34 s, 107 ms and 187 ms; with them 2.6 s, 4 ms and
4 ms. SQL makes the rows: 24 readings of billing and two submissions for each account.
"""

import sys
import time
from collections.abc import Callable

from django.utils import timezone

from cabinet.meters.history.groups import group_consumption_count
from cabinet.meters.models import Submission
from cabinet.meters.selectors import readings_this_month
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company

SMALL, LARGE = 2_000, 200_000
MONTHS = 24

_ROWS = (
    """INSERT INTO accounts_personalaccount (id, account_number, last_name, first_name, patronymic,
           address, opened_on, {account_columns})
       SELECT n, 'b' || n, 'Осипова', 'Елена', 'Григорьевна', 'г. Псков', '2015-03-01', {account_values}
       FROM generate_series(%(first)s, %(last)s) AS n""",
    """INSERT INTO meters_meter (id, meter_id, account_id, model, serial_number, compared_number, digits,
           tariff_code, state)
       SELECT n, 'b' || n, n, 'ВК G4T', n::text, n::text, 5, 'tariff-' || n %% 3, ''
       FROM generate_series(%(first)s, %(last)s) AS n""",
    """INSERT INTO meters_reading (meter_id, taken_on, value, origin, source, lower_reason, received_at)
       SELECT n, %(today)s::date - 30 * month, 1000 + (24 - month) * (n %% 200), 'billing', '', '', now()
       FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, %(months)s) AS month""",
    """INSERT INTO meters_reading (meter_id, taken_on, value, origin, source, lower_reason, received_at)
       SELECT n, %(today)s::date - 30 * month, 1000, 'portal', 'guest', '', now()
       FROM generate_series(%(first)s, %(last)s) AS n, generate_series(0, 11) AS month
       WHERE n %% 10 = 0""",
    """INSERT INTO meters_submission (number, idempotency_key, account_id, channel, taken_on, counts_for,
           received_at)
       SELECT 'b' || n * 2 + nth, gen_random_uuid(), n, 'guest', %(today)s, %(today)s,
              now() - n * interval '1 second'
       FROM generate_series(%(first)s, %(last)s) AS n, generate_series(0, 1) AS nth""",
)


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def fill(first: int, last: int, account_columns: dict[str, str]) -> None:
    values = {"first": first, "last": last, "months": MONTHS, "today": timezone.localdate()}
    with connection.cursor() as cursor:
        for statement in _ROWS:
            text = statement.format(
                account_columns=", ".join(account_columns),
                account_values=", ".join(account_columns.values()),
            )
            cursor.execute(text, values)
        cursor.execute("VACUUM ANALYZE")


def milliseconds(work: Callable[[], object]) -> float:
    """Return the best of three."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best * 1000


def bench_meters_of_many_accounts(own_db: str) -> None:
    company = GasCompany.objects.get(schema_name="pskov")
    works: dict[str, Callable[[], object]] = {
        "count of groups": group_consumption_count,
        "fleet counter": lambda: readings_this_month(company),
        "first page of submissions": lambda: list(Submission.objects.all()[:100]),
    }
    with in_company(company):
        columns = _required_columns()
        fill(1_000_000, 1_000_000 + SMALL - 1, columns)
        small = {name: milliseconds(work) for name, work in works.items()}
        fill(1_000_000 + SMALL, 1_000_000 + LARGE - 1, columns)
        large = {name: milliseconds(work) for name, work in works.items()}
    for name, before in small.items():
        say(f"{name}: {before:.1f} ms with {SMALL} accounts, {large[name]:.1f} ms with {LARGE}")


def _required_columns() -> dict[str, str]:
    """Return accounts' other columns that have no default, as empty texts, zeros or false."""
    empty = {"character varying": "''", "text": "''", "boolean": "false"}
    known = [
        "id",
        "account_number",
        "last_name",
        "first_name",
        "patronymic",
        "address",
        "opened_on",
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s"
            " AND table_name = 'accounts_personalaccount' AND is_nullable = 'NO'"
            " AND column_default IS NULL AND NOT column_name = ANY(%s)",
            [connection.schema_name, known],
        )
        return {name: empty.get(kind, "0") for name, kind in cursor.fetchall()}
