"""Databases of a test session: built once for a state of the migrations, then copied.

The template holds the migrated public schema, the tenants' template and the two companies. Each worker
tests in a copy and rolls back; a test with threads or kills gets a copy of its own.
"""

import contextlib
import hashlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from portal.connection import connection

BUILD_LOCK = 4711


def database_template() -> str:
    """The name of the current template database, built if need be. One builder at a time."""
    name = f"template_{_fingerprint()}"
    with _maintenance() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
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
            _build()
            point_at(None)
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


def _fingerprint() -> str:
    """Of every migration and of what a new company gets."""
    import cms_pages.pages.home
    import portal.staff.role_services
    import portal.staff.roles
    import tenants.services.clone
    import tenants.services.provision

    digest = hashlib.sha256(Path(__file__).read_bytes())
    for module in (
        cms_pages.pages.home,
        portal.staff.role_services,
        portal.staff.roles,
        tenants.services.clone,
        tenants.services.provision,
    ):
        digest.update(inspect.getsource(module).encode())
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        source = sys.modules[migration.__module__].__file__ or ""
        digest.update(repr(key).encode() + Path(source).read_bytes())
    return digest.hexdigest()[:12]


def _build() -> None:
    from tenants.services import company_provision, migrate_all

    list(migrate_all(processes=1))
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
        )
