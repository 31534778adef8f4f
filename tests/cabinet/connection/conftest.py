"""The recipient of Pskov's applications, whom each test sets as it needs."""

import pytest
from wagtail.models import Site

from cabinet.connection.models import ConnectionSettings
from tests.support.appeals import make_operator


@pytest.fixture
def settings_row(pskov):
    return ConnectionSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={
            "is_on": True,
            "recipient": "АО «Газораспределение»",
            "way": "hand",
            "recipient_email": "gro@example.ru",
        },
    )[0]


@pytest.fixture
def anna(pskov):
    return make_operator()
