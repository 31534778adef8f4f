"""A company with a second host, and requests that forge their Host, port and scheme."""

import pytest
from django.test import Client

from tenants.services.domains import domain_add

SECOND = "gaz-pskov.ru"  # the company's own, but not the primary one
FORGED = {
    "HTTP_HOST": f"{SECOND}:1",
    "HTTP_X_FORWARDED_HOST": "evil.ru",
    "HTTP_X_FORWARDED_PORT": "2",
    "wsgi.url_scheme": "https",
}


def forged(client: Client | None = None, host: str = f"{SECOND}:1") -> Client:
    client = client or Client()
    client.defaults |= FORGED | {"HTTP_HOST": host}
    return client


@pytest.fixture
def second(pskov):
    domain_add(company=pskov, domain=SECOND, actor="test", address="")
    return pskov
