"""Notifications of the payment provider a second, beside a bare Django view that inserts one row, in one run.

Wanted: at least 0.5 of the bare view. Both are asked in turns, in this process, through all of WSGI; the
task of each notification goes to the broker.

`BENCH_WEBHOOKS` (default 2000) sets how many of each.
"""

import cProfile
import json
import os
import pstats
import statistics
import time

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django_tenants.utils import schema_context

from cabinet.payments.models import WebhookEvent
from portal.celery import app
from portal.connection import connection
from tests.support.factories import PSKOV_HOST

COUNT = int(os.environ.get("BENCH_WEBHOOKS", "2000"))
TURNS = 20
WANTED = 0.5
BODY = json.dumps(
    {
        "type": "notification",
        "event": "payment.succeeded",
        "object": {
            "id": "22d6d597-000f-5000-9000-145f6df21d6f",
            "status": "succeeded",
            "paid": True,
            "amount": {"value": "194.39", "currency": "RUB"},
            "recipient": {"account_id": "100500", "gateway_id": "100700"},
            "metadata": {"payment_id": "7b1c7a52-0e52-4a3c-9d18-21c1a1d2a001", "company": "pskov"},
            "payment_method": {"type": "bank_card", "id": "22d6d597", "saved": False},
        },
    }
)


def insert(request: HttpRequest) -> HttpResponse:
    WebhookEvent.objects.create(provider="bare", body=json.loads(request.body), ip="127.0.0.1")
    return HttpResponse(b"{}")


urlpatterns = [path("webhooks/yookassa/", insert)]


def asked(handler: WSGIHandler, count: int) -> float:
    """Return the seconds that so many requests take."""
    factory = RequestFactory()
    requests = [
        factory.post(
            "/webhooks/yookassa/",
            BODY,
            content_type="application/json",
            HTTP_HOST=PSKOV_HOST,
            REMOTE_ADDR="127.0.0.1",
        ).environ
        for _ in range(count)
    ]
    answers: list[str] = []
    started = time.perf_counter()
    for environ in requests:
        response = handler(environ, lambda status, headers: answers.append(status))
        b"".join(response)
        response.close()
    spent = time.perf_counter() - started
    assert set(answers) == {"200 OK"}
    return spent


def bench_webhooks(own_db):
    settings.HOST_CACHE_SECONDS, settings.BELL_HAS_THREAD = 5, True  # as in production
    settings.YOOKASSA_NETWORKS = ["185.71.76.0/27", "77.75.153.0/25", "127.0.0.1/32"]
    portal = WSGIHandler()
    spent: list[tuple[float, float]] = []
    connection.set_schema_to_public()
    for turn in range(TURNS + 1):
        part = COUNT // TURNS
        with schema_context("pskov"), override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
            bare = asked(WSGIHandler(), part)
        ours = asked(portal, part)
        if turn:  # the first one warms up
            spent.append((bare / part, ours / part))
    if os.environ.get("BENCH_PROFILE"):
        profile = cProfile.Profile()
        profile.runcall(asked, portal, COUNT)
        pstats.Stats(profile).sort_stats("tottime").print_stats(40)
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("urgent")
    with schema_context("pskov"):
        rows = WebhookEvent.objects.filter(provider="yookassa").count()
    bare, ours = (1 / statistics.median(times) for times in zip(*spent, strict=True))
    ratio = statistics.median(bare / ours for bare, ours in spent)
    print(  # noqa: T201 — a benchmark is for reading
        f"\nwebhooks a second: {ours:.0f}, a bare view with one insert: {bare:.0f}; "
        f"ratio {ratio:.2f} (wanted {WANTED}); {rows} rows"
    )
    assert ratio >= WANTED
