"""The operators' queue with 10 open appeals and with 10 000, beside 200 000 that are answered, in one run.

Wanted: the same number of queries, and the same time. Ratios are to a page of the admin without appeals, in
turn with it, so that the machine's moods fall on both. «Просрочены» shows ten rows of either queue; the
others show fifty of the longer one.
"""

import datetime
import sys
import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.appeals.models import Appeal
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import PASSWORD, make_account, staff_client

FEW, MANY, ANSWERED = 10, 10_000, 200_000
ROUNDS = 30
PAGES = {
    "search for accounts": "/admin/personal-accounts/",
    "queue": "/admin/appeals/",
    "queue, late ones": "/admin/appeals/?urgency=late",
    "queue, free ones": "/admin/appeals/?who=free",
    "mine": "/admin/appeals/mine/",
    "search by number": "/admin/appeals/all/?q=7",
    "search by account": "/admin/appeals/all/?q=805107",
    "search by words": "/admin/appeals/all/?q=редчайшее+слово",
    "one appeal": "/admin/appeals/{first}/",
}
_ROWS = """
    INSERT INTO appeals_appeal (form_key, source, account_id, kind_name, question, contact_name, email,
        phone, text, answers, context, state, due_at, term, term_unit, created_at, state_since,
        is_unread, has_news, mark_comment)
    SELECT gen_random_uuid(), 'cabinet', CASE WHEN n <= 10 THEN %(account)s END, 'Поверка ПУГ',
        '', 'Нина Егоровна К.', '', '', 'Когда поверят счётчик № ' || n, '[]', '', %(state)s,
        CASE WHEN n <= %(late)s THEN now() - n * interval '1 minute'
             ELSE now() + n * interval '1 minute' END,
        10, 'working_days', now(), now(), false, true, ''
    FROM generate_series(1, %(rows)s) AS n
"""


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def fill(account_pk: int, state: str, rows: int, late: int = 0) -> None:
    with connection.cursor() as cursor:
        values = {"account": account_pk, "state": state, "rows": rows, "late": late}
        cursor.execute(_ROWS, values)
        cursor.execute("VACUUM ANALYZE appeals_appeal")


def measured(client: Client, first: int) -> dict[str, tuple[int, float]]:
    """Return queries and the quickest time of each page, in which nothing else of the machine is."""
    paths = {name: path.format(first=first) for name, path in PAGES.items()}
    queries: dict[str, int] = {}
    times: dict[str, list[float]] = {name: [] for name in paths}
    for name, path in paths.items():
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        queries[name] = len(seen)
    for _round in range(ROUNDS):
        for name, path in paths.items():
            started = time.perf_counter()
            client.get(path)
            times[name].append(time.perf_counter() - started)
    return {name: (queries[name], min(times[name])) for name in paths}


def ratio(found: dict[str, tuple[int, float]], name: str) -> float:
    return found[name][1] / found["search for accounts"][1]


def bench_appeals_queue(own_db: str) -> None:
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        user = staff_create(username="anna", password=PASSWORD, groups=[roles.OPERATORS])
        account = make_account()
        fill(account.pk, "answered", ANSWERED)
        fill(account.pk, "in_work", FEW, late=FEW)
        recent = timezone.now() - datetime.timedelta(days=1)
        opened = Appeal.objects.filter(state="in_work", created_at__gt=recent)
        first = opened.order_by("pk").values_list("pk", flat=True)[0]
        client = staff_client(user)
        few = measured(client, first)
        fill(account.pk, "in_work", MANY - FEW)
        assert opened.count() == MANY
        many = measured(client, first)
    for name in PAGES:
        (asked, took), (asked_of_many, took_of_many) = few[name], many[name]
        say(
            f"{name}: {asked} and {asked_of_many} queries, {1000 * took:.0f} and"
            f" {1000 * took_of_many:.0f} ms, {ratio(few, name):.2f} and {ratio(many, name):.2f}"
        )
        assert asked == asked_of_many
    late = "queue, late ones"
    assert ratio(many, late) < 1.5 * ratio(few, late)
