import pytest

from tests.support.appeals import make_kind, make_operator


@pytest.fixture
def kind(pskov):
    return make_kind(term=3, term_unit="working_days", centre=None)


@pytest.fixture
def anna(pskov):
    return make_operator()


@pytest.fixture
def boris(pskov):
    return make_operator("boris")
