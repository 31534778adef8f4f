"""A shop's gateway, and a server in its provider's place."""

import pytest

from cabinet.payments.contrib.yookassa.gateway import YooKassa
from tests.support.certificates import certificate_written
from tests.support.yookassa_api import yookassa_api

SECRET = "live_Zx81secretQpY"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_written(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def api(settings, certificate):
    with yookassa_api(settings, certificate) as api:
        yield api


@pytest.fixture
def gateway() -> YooKassa:
    return YooKassa(shop_id="100500", secret_key=SECRET)
