import pytest

from tests.support.samples import sample_account


@pytest.fixture
def path(link):
    return f"/cabinet/{link.pk}/statement/"


@pytest.fixture
def figure_28(account):
    """Псков 805107 with the charges and payments of the samples: it owes 3.79 since May 2024."""
    return sample_account("pskov", "805107")
