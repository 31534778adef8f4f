"""Working days by the production calendar, and until when a bill is to be paid."""

import datetime

import pytest

from cabinet.billing.due_dates import bill_due_on, days_late
from portal.audit.models import AuditEntry
from portal.connection import connection
from tenants.legal.alarms import legal_alarms
from tenants.legal.calendar_seed import calendar_seed
from tenants.legal.working_days import next_working_days
from tenants.models import CalendarDay, LegalRecord
from tests.support.factories import BASE_HOST, staff_client, text_of

DAY = datetime.date


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (DAY(2026, 1, 1), DAY(2026, 1, 12)),  # 9 January is a moved day off
        (DAY(2026, 3, 8), DAY(2026, 3, 10)),
        (DAY(2026, 12, 31), DAY(2027, 1, 11)),  # over the year's end
        (DAY(2024, 4, 27), DAY(2024, 4, 27)),  # a Saturday that was worked
        (DAY(2024, 4, 29), DAY(2024, 5, 2)),  # for the Monday after it
        (DAY(2027, 2, 20), DAY(2027, 2, 20)),
        (DAY(2026, 11, 25), DAY(2026, 11, 25)),
        (DAY(2035, 6, 16), DAY(2035, 6, 18)),  # a year without records: by the week
    ],
)
def test_the_next_working_day(db, day, worked):
    assert next_working_days([day]) == {day: worked}


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (DAY(2026, 1, 1), DAY(2026, 1, 12)),  # the 10th is a Saturday
        (DAY(2026, 2, 1), DAY(2026, 2, 10)),
        (DAY(2026, 3, 1), DAY(2026, 3, 16)),  # the 15th from this bill on, a Sunday
        (DAY(2026, 5, 1), DAY(2026, 5, 15)),
        (DAY(2026, 11, 1), DAY(2026, 11, 16)),
    ],
)
def test_a_bill_is_due_on_a_working_day(pskov, month, due):
    assert bill_due_on(month, pskov) == due


def test_a_due_day_of_a_longer_month(pskov):
    LegalRecord.objects.create(
        code="payment_due_day", valid_from=DAY(2026, 4, 1), number=31, source="-"
    )
    assert bill_due_on(DAY(2026, 4, 1), pskov) == DAY(2026, 4, 30)


def test_the_days_of_a_delay_count_from_the_moved_day(pskov):
    due = bill_due_on(DAY(2026, 1, 1), pskov)
    assert days_late(due, DAY(2026, 1, 12)) == 0
    assert days_late(due, DAY(2026, 1, 13)) == 1
    assert days_late(due, DAY(2026, 1, 5)) == 0


def test_a_due_day_takes_two_queries(pskov, django_assert_num_queries):
    connection.cursor().execute("SELECT 1")
    with django_assert_num_queries(2):
        bill_due_on(DAY(2026, 1, 1), pskov)


def test_without_a_rule_there_is_no_due_day(pskov):
    assert bill_due_on(DAY(2004, 1, 1), pskov) is None


class TestTheOffice:
    PAGES = "/admin/tenants/calendarday/"

    def test_a_correction_outlives_the_next_migration(self, office, clock):
        clock.at("2026-11-29T12:00")
        last = CalendarDay.objects.get(day=DAY(2027, 12, 31))
        form = {"day": "2027-12-31", "kind": "worked", "source": "Постановление № 1"}
        assert office.post(f"{self.PAGES}edit/{last.pk}/", form).status_code == 302
        entry = AuditEntry.objects.get(action="calendar.saved")
        said = ["Какой это день", "выходной перенесён на этот день", "рабочий день"]
        assert said in entry.details["changes"]
        count = CalendarDay.objects.count()
        calendar_seed()
        assert next_working_days([DAY(2027, 12, 31)]) == {DAY(2027, 12, 31): DAY(2027, 12, 31)}
        assert CalendarDay.objects.count() == count

    def test_it_sees_and_adds_days_and_keeps_the_seeded_and_the_past(self, office, clock):
        clock.at("2026-11-29T12:00")
        page = text_of(office.get(self.PAGES))
        assert "31 декабря 2027 г." in page and "пятница" in page
        form = {"day": "2027-06-10", "kind": "moved", "source": "Постановление № 2"}
        assert office.post(f"{self.PAGES}create/", form).status_code == 302
        assert next_working_days([DAY(2027, 6, 10)]) == {DAY(2027, 6, 10): DAY(2027, 6, 11)}
        again = text_of(office.post(f"{self.PAGES}create/", form))
        assert "Этот день уже есть в календаре" in again
        for change, message in (
            ({"day": "2026-11-27"}, "уже прошёл"),
            ({"day": "2207-06-09"}, "Проверьте год"),
            ({"day": "2027-06-19"}, "и так выходные"),
            ({"day": "2027-06-09", "kind": "worked"}, "и так рабочий"),
        ):
            assert message in text_of(office.post(f"{self.PAGES}create/", {**form, **change}))
        passed = CalendarDay.objects.get(day=DAY(2026, 1, 9))
        changed = {"day": "2026-01-09", "kind": "worked", "source": "x"}
        office.post(f"{self.PAGES}edit/{passed.pk}/", changed)
        passed.refresh_from_db()
        assert passed.kind == "moved"
        for day, stays in (
            (DAY(2027, 6, 10), False),
            (DAY(2027, 12, 31), True),
            (DAY(2026, 1, 9), True),
        ):
            pk = CalendarDay.objects.get(day=day).pk
            office.post(f"{self.PAGES}delete/{pk}/")
            assert CalendarDay.objects.filter(pk=pk).exists() == stays

    def test_it_is_told_in_the_autumn_of_missing_moved_days(self, central_admin, clock):
        assert not [one for one in legal_alarms(DAY(2027, 9, 30)) if "переносов" in one.text]
        clock.at("2027-10-01T12:00")
        office = staff_client(central_admin, BASE_HOST)
        said = "Нет переносов выходных дней на 2028 год"
        assert said in text_of(office.get("/admin/"))
        CalendarDay.objects.create(day=DAY(2028, 1, 10), kind="moved", source="Постановление")
        assert said not in text_of(office.get("/admin/"))
