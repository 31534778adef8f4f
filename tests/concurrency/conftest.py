"""The cast on real commits."""

from collections.abc import Callable

import pytest

from cabinet.subscribers.models import Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_subscriber
from tests.support.threads import in_threads


@pytest.fixture
def owner(own_db) -> Subscriber:
    return make_subscriber("owner@mail.ru")


@pytest.fixture
def pskov(own_db) -> GasCompany:
    return GasCompany.objects.get(schema_name="pskov")


@pytest.fixture
def at_once(pskov) -> Callable[..., list[BaseException]]:
    """What each thread has raised; all of them in the company's schema."""

    def inside(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with in_company(pskov):
                work()

        return run

    return lambda *works: in_threads(*(inside(work) for work in works))
