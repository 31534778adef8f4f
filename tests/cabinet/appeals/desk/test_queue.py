"""The queue: what is urgent first, narrowed and searched, by the same queries however long it is."""

import datetime
import html
import json
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.appeals.lifecycle.by_subscriber import appeal_withdraw
from cabinet.appeals.lifecycle.holding import appeal_take
from cabinet.appeals.models import Appeal
from tests.support.factories import text_of

DESK = "/admin/appeals/"


def shown(response):
    return html.unescape(text_of(response)).replace("\xa0", " ")


def numbers(client, path=DESK, **asked):
    return [one.pk for one in client.get(path, asked).context["list"].page]


def test_the_queue_is_narrowed_and_searched(at_desk, anna, boris, opened, owner):
    hours = datetime.timedelta(hours=1)
    late, later, taken, gone, done = (opened(text=text) for text in ("А", "Б", "В", "Г", "Д"))
    now = timezone.now()
    Appeal.objects.filter(pk=later.pk).update(due_at=now + 100 * hours, has_news=False)
    Appeal.objects.filter(pk=late.pk).update(due_at=now - hours, text="Жёлтые трубы опломбируйте")
    Appeal.objects.filter(pk=taken.pk).update(due_at=now + 200 * hours, source="site")
    appeal_take(appeal_pk=taken.pk, actor=boris)
    appeal_withdraw(appeal_pk=gone.pk, subscriber_id=owner.pk)
    Appeal.objects.filter(pk=done.pk).update(state="done")
    assert numbers(at_desk) == [late.pk, later.pk, taken.pk]
    assert numbers(at_desk, who="free") == [late.pk, later.pk]
    assert numbers(at_desk, who="others") == [taken.pk]
    assert numbers(at_desk, urgency="late") == [late.pk]
    assert numbers(at_desk, source="site") == [taken.pk]
    late.messages.create(form_key=uuid4(), author="subscriber", text="И ещё")
    taken.messages.create(form_key=uuid4(), author="note", text="…")
    assert numbers(at_desk, urgency="again") == [late.pk]
    assert numbers(at_desk, f"{DESK}mine/") == []
    assert numbers(at_desk, f"{DESK}all/", state="withdrawn") == [gone.pk]
    for typed in ("желтая труба", f"№ {late.pk}"):
        assert numbers(at_desk, f"{DESK}all/", q=typed) == [late.pk]
    assert len(numbers(at_desk, f"{DESK}all/", q="80-5107")) == 5
    assert len(numbers(at_desk, f"{DESK}all/", q="Нина Егоровна")) == 5
    assert len(numbers(at_desk, f"{DESK}all/", q="owner@mail.ru")) == 5
    page = shown(at_desk.get(DESK))
    assert "срок прошёл" in page and "Борис Львов" in page
    assert json.dumps("Обращения (3)") in page
    assert "в очереди 3" in shown(at_desk.get("/admin/"))
    # The next one of those that are shown.
    at_desk.post(f"{DESK}next/?urgency=late")
    late.refresh_from_db()
    assert late.assigned_to == anna and late.locked_by == anna
    assert numbers(at_desk, f"{DESK}mine/") == [late.pk]
    at_desk.post(f"{DESK}next/")
    later.refresh_from_db()
    assert later.assigned_to == anna
    assert "Свободных обращений больше нет" in shown(at_desk.post(f"{DESK}next/", follow=True))
    # Whoever had it may not come in any more.
    boris.is_active = False
    boris.save()
    assert numbers(at_desk, who="free") == [taken.pk] and not numbers(at_desk, who="others")
    at_desk.post(f"{DESK}next/")
    taken.refresh_from_db()
    assert taken.assigned_to == anna


def test_the_queue_and_an_appeal_ask_as_much_of_many(at_desk, opened):
    appeal = opened(text="Трубы")

    def asked(path):
        at_desk.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert at_desk.get(path).status_code == 200
        return len(queries)

    paths = (DESK, f"{DESK}all/?q=трубы", f"{DESK}{appeal.pk}/")
    few = [asked(path) for path in paths]
    for number in range(30):
        opened(text=f"Трубы {number}")
        appeal.messages.create(form_key=uuid4(), author="note", text="…")
    assert [asked(path) for path in paths] == few
