import pytest
from django.test import Client

from tests.support.factories import BASE_HOST, staff_client


@pytest.fixture
def office(central_admin) -> Client:
    """A central admin's browser on the base host."""
    return staff_client(central_admin, BASE_HOST)
