"""Databases of a test session: built once for a state of the sources, then copied.

The template holds the migrated public schema, the tenants' template and the two companies. Each worker
tests in a copy and rolls back; a test with threads or kills gets a copy of its own. What a migration makes
in each schema (content types, permissions, groups, …) has other ids in Novgorod than in Pskov, so that code
that takes one company's id into another fails.
"""

import contextlib
import functools
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from unittest import mock

import psycopg
from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps
from django_tenants.utils import schema_context
from psycopg import sql

from portal.connection import connection

BUILD_LOCK = 4711
_SHIFTED = (
    "django_content_type",
    "auth_permission",
    "auth_group",
    "wagtailcore_locale",
    "wagtailcore_collection",
    "wagtailcore_site",
)
_PRODUCT = ("portal", "tenants", "cms_pages", "cabinet")


def database_template() -> str:
    """The name of the current template database, built if need be. One builder at a time."""
    name = f"template_{fingerprint()}"
    with _maintenance() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        found = admin.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
        if found is None or not is_current(found[0]):
            stale = admin.execute(
                r"SELECT datname FROM pg_database WHERE datname LIKE 'template\_%'"
            )
            for (old,) in stale.fetchall():
                with contextlib.suppress(psycopg.Error):
                    admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
            unfinished = f"unfinished_{name}"
            _drop(admin, unfinished)
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
            point_at(unfinished)
            sources = json.dumps(_build())
            point_at(None)
            admin.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(unfinished), sql.Literal(sources)
                )
            )
            _drop(admin, name)
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(name)
                )
            )
    return name


@contextlib.contextmanager
def copied(template: str, name: str) -> Iterator[str]:
    """A copy of the template, dropped at the end."""
    with _maintenance() as admin:
        _drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield name
    finally:
        point_at(None)
        with _maintenance() as admin:
            _drop(admin, name)


_original = settings.DATABASES["default"]["NAME"]


def point_at(name: str | None) -> None:
    """Use this database from now on; None is the one of the settings."""
    connections.close_all()
    for config in (connections.settings["default"], connection.settings_dict):
        config["NAME"] = name or _original
    settings.DATABASES["default"]["NAME"] = name or _original
    connection.set_schema_to_public()


def _maintenance() -> psycopg.Connection[tuple[str, ...]]:
    params = {**connection.get_connection_params(), "dbname": _original}
    wanted = {key: params[key] for key in ("host", "port", "user", "password") if key in params}
    return psycopg.connect(dbname=_original, autocommit=True, **wanted)


def _drop(admin: psycopg.Connection[tuple[str, ...]], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def fingerprint() -> str:
    """Return what the template's name says: this file, migrations, steps of provisioning, rights of roles."""
    from portal.staff.roles import ROLES, role_permissions
    from tenants import events

    digest = hashlib.sha256(Path(__file__).read_bytes())
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        source = sys.modules[migration.__module__].__file__ or ""
        digest.update(repr(key).encode() + Path(source).read_bytes())
    for step in events.STEPS:
        digest.update(f"{step.__module__}.{step.__qualname__}".encode())
    for group in sorted(ROLES):
        digest.update(repr([group, *sorted(role_permissions(group))]).encode())
    return digest.hexdigest()[:12]


def is_current(sources: str | None) -> bool:
    """Tell whether the product's files that ran while a template was built are as they were then."""
    try:
        return bool(sources) and all(
            _hash(path) == known for path, known in json.loads(sources or "").items()
        )
    except OSError:
        return False


@contextlib.contextmanager
def _sources_noted() -> Iterator[dict[str, str]]:
    """Note the product's files whose functions run meanwhile, with their hashes."""
    files: set[str] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        files.add(frame.f_code.co_filename)  # and no more of this call

    sources: dict[str, str] = {}
    before = sys.gettrace()
    sys.settrace(note)
    try:
        yield sources
    finally:
        sys.settrace(before)
    roots = tuple(f"{settings.BASE_DIR}/{name}/" for name in _PRODUCT)
    sources.update({path: _hash(path) for path in sorted(files) if path.startswith(roots)})


def _hash(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


def _build() -> dict[str, str]:
    """Fill the database. Return the product's files that this depends on besides migrations."""
    from tenants.services import migrate_all

    with _swapped_models_known():
        list(migrate_all(processes=1))
    with _sources_noted() as sources:
        _fill()
    return sources


@contextlib.contextmanager
def _swapped_models_known() -> Iterator[None]:
    """Look once which setting names a model: migrations ask for each field of each of their states."""
    ask = Apps.get_swappable_settings_name.__wrapped__  # type: ignore[attr-defined]
    known = functools.cache(functools.partial(ask, apps))

    def answer(to: str) -> str | None:
        return known(to)

    answer.cache_clear = lambda: None  # type: ignore[attr-defined]
    with mock.patch.object(StateApps, "get_swappable_settings_name", staticmethod(answer)):
        yield


def _fill() -> None:
    from tenants.legal.calendar_seed import calendar_seed
    from tenants.legal.seed import legal_seed
    from tenants.services import company_provision

    with schema_context("public"):
        legal_seed()  # again, to be noted
        calendar_seed()
    for schema, city, zone in (
        ("pskov", "Псков", "Europe/Moscow"),
        ("novgorod", "Великий Новгород", "Europe/Moscow"),
    ):
        region = {"pskov": "Псковская область", "novgorod": "Новгородская область"}[schema]
        company_provision(
            schema_name=schema,
            name=f"ООО «Газпром межрегионгаз {city}»",
            regions=[region],
            domain=f"{schema}.gas.localhost",
            time_zone=zone,
            open_at_once=True,
        )
    with schema_context("novgorod"), transaction.atomic():
        for table in _SHIFTED:
            _shift_ids(table, by=1000)


def _shift_ids(table: str, *, by: int) -> None:
    """Give the table's rows other ids, in all columns that refer to them, and go on from there."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "SELECT relname, attname FROM pg_constraint"
            " JOIN pg_class ON pg_class.oid = conrelid"
            " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
            " WHERE contype = 'f' AND confrelid = to_regclass(%s)",
            [table],
        )
        for child, column in [*cursor.fetchall(), (table, "id")]:
            cursor.execute(f"UPDATE {child} SET {column} = {column} + {by}")
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        cursor.execute(
            f"SELECT setval(%s, (SELECT max(id) FROM {table}))",
            cursor.fetchone(),
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
