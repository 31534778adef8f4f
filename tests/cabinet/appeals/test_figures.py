"""The figures of appeals: every appeal of the period in one row of each table, sums that add up."""

import csv
import datetime
import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context
from openpyxl import load_workbook

from cabinet.appeals.figures.counting import Asked, figures_shown
from cabinet.appeals.models import Appeal, AppealKind
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, staff_client, text_of

PAGE = "/admin/appeals/figures/"
HOUR = datetime.timedelta(hours=1)


def make(created: str, **fields) -> Appeal:
    """`created`: of Moscow. `took`: hours to the first answer, by which it is answered."""
    at = timezone.make_aware(datetime.datetime.fromisoformat(created))
    if (took := fields.pop("took", None)) is not None:
        fields = {"state": "done", "is_late": False, **fields, "answered_at": at + took * HOUR}
    values = {"source": "cabinet", "kind_name": "Поверка ПУГ", "text": "Вопрос", **fields}
    appeal = Appeal.objects.create(form_key=uuid4(), **values)
    Appeal.objects.filter(pk=appeal.pk).update(created_at=at)
    return appeal


@pytest.fixture
def appeals(pskov, clock):
    clock.at("2026-11-29T12:00")
    make("2026-11-30T23:30")  # of a clock that is wrong: after the period
    make("2026-10-31T23:59", took=2)
    make("2026-11-01T00:00", took=4, mark=5)
    make("2026-11-02T09:00", took=50, is_late=True, mark=4, is_solved=False)
    make("2026-11-03T09:00", took=6, mark=4, kind_name="Оплата", source="site")
    make("2026-11-20T09:00", due_at=timezone.now() - HOUR)  # overdue
    make("2026-11-21T09:00", due_at=timezone.now() + HOUR, kind_name="Оплата")
    make("2026-11-22T09:00", state="waiting", time_left=60)
    make("2026-11-23T09:00", state="withdrawn")


@pytest.fixture
def director(pskov, company_administrator):
    return staff_client(company_administrator)


def test_every_appeal_is_in_one_row_of_each_table(appeals):
    asked = Asked(since=datetime.date(2026, 11, 1), until=datetime.date(2026, 11, 29))
    shown = figures_shown(asked)
    total = shown.total
    assert (total.received, total.in_term, total.late) == (7, 2, 2)
    assert (total.waiting, total.unanswered, total.unsolved) == (2, 1, 1)
    assert total.share == 50 and total.median == 6 * HOUR
    assert (total.marks, total.mark) == (3, Decimal("4.3"))
    assert (shown.open_now, shown.late_now) == (3, 1)
    for table in shown.tables:
        for count in ("received", "in_term", "late", "waiting", "unanswered", "marks"):
            assert sum(getattr(row, count) for row in table.rows) == getattr(total, count)
    by_time, by_kind, by_centre, by_source = shown.tables
    assert len(by_time.rows) == 29 and by_time.rows[0].received == 1
    assert [(row.name, row.received) for row in by_kind.rows] == [("Поверка ПУГ", 5), ("Оплата", 2)]
    assert [row.name for row in by_centre.rows] == ["Без центра"]
    assert [row.name for row in by_source.rows] == ["Личный кабинет", "Форма на сайте"]


@pytest.mark.parametrize(
    ("since", "until", "title", "first", "count"),
    [
        ("2026-11-01", "2026-11-07", "По дням", "1 ноября", 7),
        ("2026-10-28", "2026-12-01", "По неделям", "28.10 – 01.11", 6),
        ("2026-01-15", "2026-11-30", "По месяцам", "Январь 2026", 11),
    ],
)
def test_time_has_rows_without_gaps(appeals, since, until, title, first, count):
    day = datetime.date.fromisoformat
    shown = figures_shown(Asked(since=day(since), until=day(until)))
    table = shown.tables[0]
    assert table.title == title and len(table.rows) == count
    assert table.rows[0].name.replace("\xa0", " ") == first
    assert sum(row.received for row in table.rows) == shown.total.received


def test_the_page_and_its_files_say_the_same(appeals, director):
    kind = AppealKind.objects.create(name="Никто не писал")
    asked = "?since=01.11.2026&until=2026-11-29"
    page = text_of(director.get(PAGE + asked))
    assert "с 1 ноября 2026 г. по 29 ноября 2026 г." in page and "Поверка ПУГ" in page
    assert "быстрее чем за" in page and "шесть часов" in page

    table = director.get(f"/admin/appeals/figures.csv{asked}").content.decode("utf-8-sig")
    rows = list(csv.reader(table.splitlines(), delimiter=";"))
    assert rows[-1] == ["Весь период", "Всего", "7", "2", "2", "2", "1", "50", "6", "3", "4,3", "1"]
    book = load_workbook(io.BytesIO(director.get(f"/admin/appeals/figures.xlsx{asked}").content))
    assert len(list(book.active.values)) == len(rows)

    nothing = text_of(director.get(f"{PAGE}{asked}&kind={kind.pk}"))
    assert "никто не писал" in nothing
    for wrong in ("since=вчера", "since=2026-11-29&until=2026-11-01", "since=1999-01-01", "kind=x"):
        answer = director.get(f"{PAGE}?{wrong}")
        assert answer.status_code == 200 and "Исправьте отмеченное" in text_of(answer)
        assert director.get(f"/admin/appeals/figures.csv?{wrong}").status_code == 404


def test_queries_do_not_grow(appeals, director):
    director.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        director.get(PAGE)
    for number in range(20):
        make("2026-11-05T10:00", took=number, kind_name=f"Вид {number}")
    with CaptureQueriesContext(connection) as many:
        director.get(PAGE)
    assert len(many) == len(few)


def test_administrators_see_them_and_nobody_elses(appeals, director, novgorod):
    with schema_context("novgorod"):
        Appeal.objects.create(
            form_key=uuid4(), source="cabinet", kind_name="Новгородский вид", text="Вопрос"
        )
    assert "Новгородский вид" not in text_of(director.get(PAGE))
    cashier = staff_client(
        staff_create(username="cashier", password=PASSWORD, groups=[roles.CASHIERS])
    )
    for path in (PAGE, "/admin/appeals/figures.csv"):
        assert cashier.get(path).status_code == 404
