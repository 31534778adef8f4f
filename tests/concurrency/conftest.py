"""The cast on real commits."""

import pytest

from cabinet.subscribers.models import Subscriber
from tenants.models import GasCompany
from tests.support.factories import make_subscriber


@pytest.fixture
def owner(own_db) -> Subscriber:
    return make_subscriber("owner@mail.ru")


@pytest.fixture
def pskov(own_db) -> GasCompany:
    return GasCompany.objects.get(schema_name="pskov")
