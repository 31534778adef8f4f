"""The import's statements keep the rules of Citus, where a company's tables may be on a worker
(docs/contributing.md). No Citus is needed: the statements are captured on plain PostgreSQL.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection as default_connection
from django.test.utils import CaptureQueriesContext

from cabinet.exchange.files import FILES
from cabinet.exchange.package.apply import package_apply
from portal.connection import connection
from tenants.models import GasCompany
from tests.exchange.builder import (
    APRIL_CHARGE,
    COMPANY,
    KIM,
    MAY_CHARGE,
    OSIPOVA,
    accounts,
    charge,
    charges,
    contracts,
    equipment,
    houses,
    readings,
    works,
    write_package,
)

JUNE, JULY = (
    charge(period, "3.79", "0.00", "0.00", "0.00", "3.79") for period in ("2024-06", "2024-07")
)
STABLE_FUNCTIONS = ("now()", "concat_ws", "to_char", "to_date", "current_", "pg_current_xact_id")


@pytest.fixture(scope="module")
def joins() -> "re.Pattern[str]":
    return re.compile(r"\bJOIN\b", re.IGNORECASE)


@contextmanager
def captured() -> Iterator[list[str]]:
    """The statements of the block, without the text inside of quotes and in one line each."""
    found: list[str] = []
    with CaptureQueriesContext(default_connection) as queries:
        yield found
    for query in queries.captured_queries:
        # psycopg's Composed for a COPY
        sql = query["sql"] if isinstance(query["sql"], str) else query["sql"].as_string(None)
        found.append(" ".join(re.sub(r"'(?:[^']|'')*'", "''", sql).split()))


@pytest.fixture
def statements(own_db: str, tmp_path: Path) -> list[str]:
    """Those of five packages: a first one, changes, nearly all lines known, rejects, a full one."""
    company = GasCompany.objects.get(schema_name="pskov")
    first = COMPANY | charges(APRIL_CHARGE, MAY_CHARGE, JUNE)
    first |= houses("h-1;г. Псков, Рижский пр., д. 64;1980;1.00") | works("h-1;1;крыша;;2027;1.00")
    first |= contracts("805107;1;ТО ВДГО;Газпром;2024-01-01;")
    first |= equipment("805107;e-1;Плита;;;исправна")
    renamed = accounts(OSIPOVA.replace("Осипова", "Петрова"), KIM)
    packages: list[dict[str, str]] = [
        first,
        renamed | readings("m-1;2024-05-27;1910;контролёр"),
        charges(APRIL_CHARGE, MAY_CHARGE, JUNE, JULY),
        charges(JULY, JULY, charge("2024-08", "3.79", "1.00", "0.00", "0.00", "9.99"))
        | contracts("805107;2;ТО;Газпром;2024-01-01;", "1;2;ТО;Газпром;2024-01-01;"),
        first | renamed,
    ]
    found: list[str] = []
    for number, content in enumerate(packages):
        path = write_package(
            tmp_path / str(number),
            content,
            package_id=f"p-{number}",
            mode="full" if number == 4 else "delta",
        )
        with captured() as some:
            package_apply(company=company, path=path, rejects_path=tmp_path / "rejects.csv")
        found += some
    connection.set_tenant(company)
    return found


def broken(statements: list[str], rule: Callable[[str], bool]) -> list[str]:
    return [statement for statement in statements if rule(statement)]


def test_statements_are_there(statements):
    """Else the rules below would be kept by nobody."""
    assert sum("INSERT INTO" in one for one in statements) >= 15
    assert any('INSERT INTO "accounts_surnamechange"' in one for one in statements)
    assert any(one.startswith("UPDATE") and "written_by" in one for one in statements)


def test_catalogue_is_not_asked_with_a_companys_table(statements):
    tables = [declaration.table for declaration in FILES]

    def mixes(statement: str) -> bool:
        return "pg_class" in statement and any(table in statement for table in tables)

    assert broken(statements, mixes) == []


def test_insert_with_a_join_or_a_stable_function_begins_with_with(statements, joins):
    def is_bare(statement: str) -> bool:
        if not statement.startswith("INSERT INTO") or " SELECT " not in statement:
            return False
        return bool(joins.search(statement)) or any(
            function in statement for function in STABLE_FUNCTIONS
        )

    assert broken(statements, is_bare) == []


def test_string_has_one_statement(statements):
    assert broken(statements, lambda statement: ";" in statement.rstrip("; ")) == []


def test_update_does_not_compute_its_transaction(statements):
    """Citus would give the number of the coordinator's."""
    assert broken(statements, lambda one: one.startswith("UPDATE") and "xact_id" in one) == []
