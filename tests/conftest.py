"""The cast: two companies, an owner, a stranger, an editor, a central admin. Always the same."""

import faulthandler
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key, get_timeout_config_value
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django_tenants.utils import schema_context
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink, Subscriber
from devtools.embedded import throwaway_servers
from devtools.garbage import search_seldom
from portal.connection import connection
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.support import databases
from tests.support.clock import clock as clock
from tests.support.factories import (
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_subscriber,
)
from tests.support.payment_sandbox import payment_sandbox as payment_sandbox
from tests.support.payment_sandbox import payment_sandbox_process as payment_sandbox_process
from tests.support.payment_sandbox import payment_sandbox_server as payment_sandbox_server
from tests.support.payment_sandbox import shop_set_up as shop_set_up

# The same examples at every run, however busy the machine: what turns red is what was changed.
# To look for new ones: `pytest --hypothesis-profile default`.
hypothesis_settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("steady")


def pytest_collection_finish() -> None:
    search_seldom()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """pytest stops the clock of `faulthandler_timeout` when a test fails, and its fixtures may hang too."""
    if seconds := get_timeout_config_value(item.config):
        errors = item.config.stash[fault_handler_stderr_fd_key]
        faulthandler.dump_traceback_later(seconds, file=errors, exit=True)
    return (yield)


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    with throwaway_servers(settings.LOCAL_DIR):
        yield


@pytest.fixture(scope="session")
def database_template(servers: None, django_db_blocker: Any) -> str:
    with django_db_blocker.unblock():
        return databases.database_template()


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def django_db_setup(
    database_template: str, worker: str, django_db_blocker: Any, django_test_environment: None
) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.copied(database_template, f"test_{worker}") as name:
        databases.point_at(name)
        yield


@pytest.fixture
def own_db(
    database_template: str, django_db_setup: None, worker: str, django_db_blocker: Any
) -> Iterator[str]:
    """A private copy of the database, for tests with threads, processes and real commits."""
    with django_db_blocker.unblock():
        with databases.copied(database_template, f"own_{worker}") as name:
            databases.point_at(name)
            yield name
        databases.point_at(f"test_{worker}")


@pytest.fixture(autouse=True)
def _clean_slate(request: pytest.FixtureRequest) -> Iterator[None]:
    """Process-wide memories, and counters in Valkey, of one test are not the next one's."""
    from tenants import routing
    from tenants.patches import content_types

    routing.forget_routes()
    content_types.clear_all()
    if {"db", "own_db"} & set(request.fixturenames):
        caches["shared"].clear()
    yield
    connection.set_schema_to_public()


@pytest.fixture(autouse=True)
def _by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the hour at which it runs; those of the quiet hours set the hour."""
    for user in ("services", "sending"):
        monkeypatch.setattr(f"portal.messaging.{user}.quiet_until", lambda _now: None)


# --- the cast ---------------------------------------------------------------------------------------


@pytest.fixture
def pskov(db: None) -> GasCompany:
    """The company of most tests; its schema is entered."""
    company = GasCompany.objects.get(schema_name="pskov")
    connection.set_tenant(company)
    return company


@pytest.fixture
def novgorod(db: None) -> GasCompany:
    """The other company; its schema is not entered."""
    with schema_context("public"):
        return GasCompany.objects.get(schema_name="novgorod")


@pytest.fixture
def owner(db: None) -> Subscriber:
    return make_subscriber("owner@mail.ru")


@pytest.fixture
def stranger(db: None) -> Subscriber:
    return make_subscriber("stranger@mail.ru")


@pytest.fixture
def editor(pskov: GasCompany) -> StaffUser:
    return staff_create(username="editor", password=PASSWORD, groups=["Editors"])


@pytest.fixture
def company_administrator(pskov: GasCompany) -> StaffUser:
    return staff_create(username="boss", password=PASSWORD, groups=["Company administrators"])


@pytest.fixture
def central_admin(db: None) -> StaffUser:
    with schema_context("public"):
        return staff_create(username="central", password=PASSWORD, superuser=True)


@pytest.fixture
def account(pskov: GasCompany) -> PersonalAccount:
    """Псков, 805107, ОЕГ, one five-digit meter that stood at 1900 on 27.04.2024 (manual 1, figure 6)."""
    return make_account()


@pytest.fixture
def link(owner: Subscriber, pskov: GasCompany, account: PersonalAccount) -> AccountLink:
    return make_link(owner, pskov, account)


@pytest.fixture
def guest() -> Client:
    """A browser on Pskov's host, logged in nowhere."""
    return Client(headers={"host": PSKOV_HOST})


@pytest.fixture
def owner_client(owner: Subscriber) -> Client:
    return logged_in(owner, PSKOV_HOST)
