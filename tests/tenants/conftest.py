import pytest
from django.test import Client

from portal.connection import connection
from tests.support.central_admin import entered
from tests.support.factories import BASE_HOST, PSKOV_HOST, staff_client


@pytest.fixture
def office(central_admin) -> Client:
    """A central admin's browser on the base host."""
    return staff_client(central_admin, BASE_HOST)


@pytest.fixture
def inside(office, pskov) -> Client:
    """The same central admin's browser in Pskov; its schema is entered."""
    browser = entered(office, pskov, PSKOV_HOST)
    connection.set_tenant(pskov)
    return browser
