from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push.keys import public_key
from tests.support.push_service import Browser, PushService, push_service

PAGE = "/cabinet/settings/push/"
ADD = f"{PAGE}add/"


@pytest.fixture
def service(settings, tmp_path) -> Iterator[PushService]:
    with push_service(settings, tmp_path) as server:
        yield server


@pytest.fixture
def subscribe(service, pskov) -> Callable[..., PushSubscription]:
    """Let the browser of a login show notifications, as the page's script does."""

    def work(client: Client, browser: Browser) -> PushSubscription:
        answer = client.post(ADD, browser.fields(public_key()))
        assert answer.json() == {"status": "on"}
        return PushSubscription.objects.latest("created_at")

    return work
