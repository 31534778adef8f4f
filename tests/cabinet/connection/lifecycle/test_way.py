"""The way of an application from its submission to gas, each step with its event, audit row and notice."""

import datetime

import pytest

from cabinet.connection.exceptions import ApplicationIncomplete, ConnectionChanged, ConnectionOff
from cabinet.connection.lifecycle.by_applicant import (
    Copies,
    application_submit,
    application_withdraw,
    papers_answer,
)
from cabinet.connection.lifecycle.by_staff import (
    AskedPaper,
    application_advance,
    application_correct,
    application_forwarded,
    application_refuse,
    application_register,
    papers_ask,
)
from cabinet.connection.lifecycle.states import ALLOWED, OPEN, WAY
from cabinet.connection.models import PaperType
from cabinet.outgoing.models import ExportPending
from portal.audit.models import AuditEntry
from portal.formats.dates import long_day
from portal.messaging.models import Message
from tenants.models import CalendarDay
from tests.support.connection import make_application, make_paper

COPIES = Copies(applicant_name="Ёлкина А. С.", phone="+79115550142", email="elkina@example.ru")
MONDAY = datetime.date(2026, 9, 7)


def said(kind):
    return list(
        Message.objects.filter(kind=kind).order_by("created_at").values_list("text", flat=True)
    )


def test_a_draft_is_submitted_once_and_only_when_it_is_complete(settings_row):
    draft = make_application("draft")
    needed = PaperType.objects.filter(when="always", is_required=True)
    with pytest.raises(ApplicationIncomplete) as error:
        application_submit(application_pk=draft.pk, copies=COPIES)
    assert error.value.missing == [one.name for one in needed]
    for one in needed:
        make_paper(draft, paper_type=one)
    settings_row.is_on = False
    settings_row.save()
    with pytest.raises(ConnectionOff):
        application_submit(application_pk=draft.pk, copies=COPIES)
    settings_row.is_on = True
    settings_row.save()
    first = application_submit(application_pk=draft.pk, copies=COPIES)
    again = application_submit(application_pk=draft.pk, copies=COPIES)
    assert first.number == again.number and len(first.number) == 9
    assert (first.state, first.recipient) == ("submitted", settings_row.recipient)
    assert first.events.count() == ExportPending.objects.filter(kind="applications").count() == 1
    (letter,) = said("connection_submitted")
    assert first.number in letter and "Ёлкина" not in letter


def test_the_whole_way(settings_row, anna):
    CalendarDay.objects.filter(day__year=2026).delete()
    pk = make_application().pk
    by = {"application_pk": pk, "actor": anna}
    application_forwarded(**by)
    registered = application_register(**by, recipient_number="ГР-77", registered_on=MONDAY)
    # Thirty working days after the recipient's registration, whatever happens in between.
    assert registered.due_on == datetime.date(2026, 10, 19)
    assert application_register(**by, recipient_number="ГР-77", registered_on=MONDAY)
    contract = make_paper(None, kind="contract", title="Договор", by_staff="anna")
    october = datetime.date(2026, 10, 5)
    offered = application_advance(
        **by, state="offered", day=october, text="Подпишите оба листа.", files=[contract.pk]
    )
    assert offered.due_on is None and offered.papers.get(kind="contract") == contract
    signed = application_advance(**by, state="signed", day=october, due_on=MONDAY)
    assert signed.due_on == MONDAY
    for state in ("building", "ready", "done"):
        application_advance(**by, state=state, day=october)
        application_advance(**by, state=state, day=october)
    events = list(signed.events.order_by("id").values_list("state", flat=True))
    assert events == [*WAY[1:]]
    texts = said("connection_state")
    assert len(texts) == 7 and "ГР-77" in texts[1] and long_day(registered.due_on) in texts[1]
    assert "Подпишите оба листа." in texts[2]
    logged = AuditEntry.objects.filter(action__startswith="connection.")
    assert logged.filter(actor_name="anna").count() == 7


def test_papers_that_are_missing_stop_it_until_all_have_come(settings_row, anna):
    application = make_application()
    make_paper(application)
    by = {"application_pk": application.pk, "actor": anna}
    asked = [AskedPaper("План", "Нет подписи"), AskedPaper("Доверенность")]
    papers_ask(**by, asked=asked)
    stopped = papers_ask(**by, asked=asked)
    assert stopped.state == "incomplete" and stopped.requests.count() == 2
    (letter,) = said("connection_papers_asked")
    assert "План. Нет подписи" in letter and "Доверенность" in letter
    first, second = stopped.requests.order_by("pk")
    other = make_paper(None)
    assert papers_answer(application_pk=application.pk, files={first.pk: []}).state == "incomplete"
    answered = papers_answer(application_pk=application.pk, files={first.pk: [other.pk]})
    assert answered.state == "incomplete"
    foreign = make_paper(make_application(phone="+79110000000"))
    papers_answer(application_pk=application.pk, files={second.pk: [foreign.pk]})
    assert foreign.application_id != application.pk
    again = papers_answer(application_pk=application.pk, files={second.pk: [make_paper(None).pk]})
    assert again.state == "submitted" and again.papers.count() == 3
    with pytest.raises(ConnectionChanged):
        papers_answer(application_pk=application.pk, files={second.pk: [make_paper(None).pk]})
    application_register(**by, recipient_number="1", registered_on=MONDAY)
    papers_ask(**by, asked=[AskedPaper("Ещё план")])
    third = again.requests.get(answered_at=None)
    back = papers_answer(application_pk=application.pk, files={third.pk: [make_paper(None).pk]})
    assert (back.state, back.due_on) == ("registered", datetime.date(2026, 10, 19))


def test_what_is_over_and_what_was_a_mistake(settings_row, anna):
    by = {"application_pk": make_application().pk, "actor": anna}
    with pytest.raises(ConnectionChanged):
        application_advance(**by, state="signed", day=MONDAY)
    application_register(**by, recipient_number="ГР-7", registered_on=MONDAY)
    application_refuse(**by, reason="Нет технической возможности.")
    with pytest.raises(ConnectionChanged):
        application_withdraw(application_pk=by["application_pk"])
    assert "Нет технической возможности." in said("connection_state")[-1]
    corrected = application_correct(
        **by, reason="Отказ записан по ошибке.", state="registered", recipient_number="ГР-8"
    )
    assert (corrected.state, corrected.recipient_number) == ("registered", "ГР-8")
    assert corrected.registered_on == MONDAY and corrected.due_on
    entry = AuditEntry.objects.get(action="connection.correct")
    assert entry.details["state_before"] == "refused" and entry.details["number_before"] == "ГР-7"
    assert (
        application_correct(**by, reason="Не та заявка", state="forwarded").recipient_number == ""
    )
    gone = application_withdraw(application_pk=by["application_pk"])
    assert gone.state == "withdrawn" and gone.due_on is None
    with pytest.raises(ConnectionChanged):
        application_correct(**by, reason="Вернуть", state="submitted")


def test_each_state_leads_somewhere_or_is_the_end(db):
    ends = {state for state, next_ones in ALLOWED.items() if not next_ones}
    assert ends == {"done", "refused", "withdrawn"} and not ends & set(OPEN)
