"""The section «Показания» of the owner's account, its one meter, and packages of billing."""

import pytest

from tests.exchange.conftest import load as load


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/readings/"


@pytest.fixture
def meter(account):
    return account.meters.get()
