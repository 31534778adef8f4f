"""Terms and categories come from legal records; what is not recorded has no date."""

import datetime

from cabinet.connection.lifecycle.terms import categories_said, due_of
from tenants.legal.working_days import working_days_after
from tenants.models import CalendarDay, LegalRecord
from tests.support.connection import make_application

DAY = datetime.date(2026, 12, 28)


def own(company, code, number, valid_from="2026-01-01"):
    LegalRecord.objects.create(
        company=company, code=code, valid_from=valid_from, number=number, source="Приказ"
    )


def test_working_days_skip_weekends_and_holidays(pskov):
    CalendarDay.objects.filter(day__gte=DAY).delete()
    assert working_days_after(DAY, 1) == datetime.date(2026, 12, 29)
    assert working_days_after(datetime.date(2027, 3, 5), 1) == datetime.date(2027, 3, 8)
    for number in range(1, 9):
        CalendarDay.objects.create(
            day=datetime.date(2027, 1, number), kind="holiday", source="Статья 112"
        )
    assert working_days_after(DAY, 4) == datetime.date(2027, 1, 11)


def test_a_term_runs_by_its_record_or_not_at_all(pskov):
    registered = make_application("registered", registered_on=DAY, category=1)
    assert due_of(registered, datetime.date(2027, 2, 1)) == working_days_after(DAY, 30)
    own(pskov, "connection_contract_days", 5)
    assert due_of(registered, DAY) == working_days_after(DAY, 5)
    # Not recorded for anybody: the check of the papers, and the works of each category.
    forwarded, signed = make_application("forwarded"), make_application("signed", category=1)
    assert due_of(forwarded, DAY) is None and due_of(signed, DAY) is None
    own(pskov, "connection_check_days", 3)
    own(pskov, "connection_works_days_first", 240)
    assert due_of(forwarded, DAY) == working_days_after(DAY, 3)
    assert due_of(signed, DAY) == DAY + datetime.timedelta(days=240)
    assert due_of(make_application("signed"), DAY) is None  # of no category
    for state in ("offered", "ready", "done", "incomplete", "refused", "withdrawn"):
        assert due_of(make_application(state, registered_on=DAY, category=1), DAY) is None


def test_categories(pskov):
    said = categories_said(DAY)
    assert "не больше 200 м, расход не больше 20 м³/ч" in said
    assert "500 м в селе или 300 м в городе, расход меньше 500 м³/ч" in said
    LegalRecord.objects.filter(code="connection_second_flow").delete()
    assert categories_said(DAY) == ""
