import pytest

from tests.support.paying import requisites_set
from tests.support.payment_sandbox import payment_sandbox as payment_sandbox
from tests.support.payment_sandbox import payment_sandbox_server as payment_sandbox_server
from tests.support.payment_sandbox import shop_set_up as shop_set_up


@pytest.fixture
def shop(pskov, shop_set_up):
    """Pskov takes payments, by the sandbox."""
    requisites_set()
    return shop_set_up("pskov")
