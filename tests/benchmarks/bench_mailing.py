"""Fan-out of a mailing against one bare `bulk_create` of as many messages, in one run; memory stays flat.

`MAILING_PEOPLE=100000` asks for the whole of it. SQL makes the people; their news are written as the task
writes them, bell, counts and cursor included.
"""

import os
import resource
import sys
import time
from uuid import UUID

from django.db import connections

from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.mailings.news import news_mail
from cabinet.subscriptions.models import Mailing, Subscription
from portal.connection import connection
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.mailings import now_due, publish_news

PEOPLE = int(os.environ.get("MAILING_PEOPLE", "50000"))
FEW = PEOPLE // 5

_PERSONS = """INSERT INTO public.subscribers_subscriber (id, email, password, created_at)
    SELECT gen_random_uuid(), 'bench' || n || '@mail.ru', '!', now()
    FROM generate_series(%(first)s, %(last)s) AS n"""


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def people_add(first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, {"first": first, "last": last})
    known = set(Subscription.objects.values_list("subscriber_id", flat=True))
    fresh = Subscriber.objects.exclude(pk__in=known) if known else Subscriber.objects.all()
    Subscription.objects.bulk_create(
        (Subscription(subscriber_id=pk, kind="news") for pk in fresh.values_list("pk", flat=True)),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def told(company: GasCompany, title: str) -> tuple[float, int]:
    """Tell a page of news in a process of its own; return its seconds and its peak of memory, KB."""
    publish_news(title)
    now_due()
    mailing: UUID = Mailing.objects.get(title=title).pk
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with in_company(company):
                started = time.perf_counter()
                assert news_mail(mailing)
                took = time.perf_counter() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os.write(writing, f"{took} {peak}".encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    took_text, peak_text = os.read(reading, 100).decode().split()
    return float(took_text), int(peak_text)


def bare(count: int) -> float:
    """Return the seconds that one `bulk_create` of as many messages takes."""
    some = Message.objects.exclude(mailing=None).first()
    assert some is not None
    rows = [
        Message(
            kind=some.kind,
            recipient=f"bench{number}@mail.ru",
            context=some.context,
            unsubscribe_url=some.unsubscribe_url,
        )
        for number in range(count)
    ]
    started = time.perf_counter()
    Message.objects.bulk_create(rows)
    return time.perf_counter() - started


def bench_mailing(own_db: str) -> None:
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        people_add(1, FEW)
        few_took, few_peak = told(company, "Немногим")
        people_add(FEW + 1, PEOPLE)
        took, peak = told(company, "Многим")
        assert Message.objects.filter(mailing=Mailing.objects.get(title="Многим").pk).count() == (
            PEOPLE
        )
        bare_took = bare(PEOPLE)
        say(f"{FEW} people: {FEW / few_took:.0f} a second")
        say(
            f"{PEOPLE} people: {PEOPLE / took:.0f} a second; one bulk_create of as many messages:"
            f" {PEOPLE / bare_took:.0f}; ratio {took / bare_took:.2f}"
        )
        say(f"peak of memory: {few_peak} KB, {peak} KB: {peak - few_peak} KB more")
        connections.close_all()
        assert peak - few_peak < 20_000
