from collections.abc import Iterator

import pytest
from django.utils import timezone
from wagtail.models import Site

from cabinet.max.models import MaxBot
from tests.support.max_api import TOKEN, MaxApi, max_api

SECRET = "webhook-secret-of-pskov"


@pytest.fixture
def api(settings) -> Iterator[MaxApi]:
    with max_api(settings) as server:
        yield server


@pytest.fixture
def bot(pskov) -> MaxBot:
    """A bot that Pskov has connected."""
    return MaxBot.objects.create(
        site=Site.objects.get(is_default_site=True),
        token=TOKEN,
        webhook_secret=SECRET,
        name="Газ Псков",
        address="gas_pskov_bot",
        connected_at=timezone.now(),
    )
