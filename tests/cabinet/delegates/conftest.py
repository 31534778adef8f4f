import pytest
from django.test import Client

from cabinet.subscribers.models import Subscriber
from tests.support.factories import PSKOV_HOST, agree, logged_in, make_subscriber


@pytest.fixture
def helper(pskov) -> Subscriber:
    person = make_subscriber("helper@mail.ru")
    agree(person, pskov)
    return person


@pytest.fixture
def helper_client(helper) -> Client:
    return logged_in(helper, PSKOV_HOST)
