"""The section «Показания» of the owner's account, and its one meter."""

import pytest


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/readings/"


@pytest.fixture
def meter(account):
    return account.meters.get()
