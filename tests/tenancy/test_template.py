"""The template of test databases is built again when what fills it has changed."""

import json

from django.conf import settings

from portal.connection import connection
from tests.support import databases


def test_it_knows_the_files_of_every_step(db, database_template):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [database_template],
        )
        (noted,) = cursor.fetchone()
    sources = json.loads(noted)
    names = {path.removeprefix(f"{settings.BASE_DIR}/") for path in sources}
    assert {
        "tenants/services/clone.py",
        "tenants/services/provision.py",
        "tenants/legal/seed.py",
        "portal/staff/roles.py",
        "cms_pages/pages/home.py",
    } <= names
    assert databases.is_current(noted)

    path = next(iter(sources))
    assert not databases.is_current(json.dumps({**sources, path: "another"}))
    assert not databases.is_current(json.dumps({**sources, "/no/such.py": "gone"}))
    assert not databases.is_current(None)


def test_another_step_is_another_template(db, monkeypatch):
    from tenants import events

    before = databases.fingerprint()
    monkeypatch.setattr(events, "STEPS", [*events.STEPS, test_another_step_is_another_template])
    assert databases.fingerprint() != before
