"""One application on the desk: read, led on, corrected, its papers taken."""

import html
import io
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.connection.desk.services import note_add
from cabinet.connection.lifecycle.forgetting import application_forget
from cabinet.connection.models import ConnectionPaper
from portal.audit.models import AuditEntry
from tests.support.connection import make_application, make_paper
from tests.support.factories import text_of
from tests.support.pdf import pages_of_pdf

DESK = "/admin/connection/"


def shown(response):
    return html.unescape(text_of(response)).replace("\xa0", " ")


def pdf(name="договор.pdf", content=b"%PDF-1.4 contract"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def act(at_desk):
    """Send the form of an action; return the page that follows."""

    def send(application, action, **fields):
        posted = {f"{action}-{name}": value for name, value in fields.items()}
        answer = at_desk.post(f"{DESK}{application.pk}/{action}/", posted, follow=True)
        application.refresh_from_db()
        return answer

    return send


def test_an_application_from_its_queue_to_gas(at_desk, act, operator):
    one, today = make_application(), timezone.localdate()
    make_paper(one)
    page = shown(at_desk.get(f"{DESK}{one.pk}/"))
    for said in ("Тямша", "60:18:0060201:145", "24 кВт", "+7 911 555-01-42", "план.pdf"):
        assert said in page, said
    assert "заявка передана получателю" in shown(act(one, "forward"))
    assert one.state == "forwarded"
    wrong = act(one, "register", recipient_number="ТП-1", day="2999-01-01", text="Ждите")
    assert "ещё не наступил" in shown(wrong) and "Ждите" in shown(wrong)
    assert shown(wrong).count("autofocus") == 1
    act(one, "register", recipient_number="ТП-1", day=today.isoformat(), category="1")
    assert (one.state, one.registered_on, one.category) == ("registered", today, 1)
    again = act(one, "register", recipient_number="ТП-2", day=today.isoformat())
    assert again.status_code == 409 and one.recipient_number == "ТП-1"
    assert "ТП-2" in shown(again)
    step = {"day": today.isoformat(), "text": "Подпишите оба экземпляра"}
    assert "Приложите договор" in shown(act(one, "advance", state="offered", **step))
    lied = act(one, "advance", state="offered", attached=pdf(content=b"MZ"), **step)
    assert "не то, что обещает его имя" in shown(lied) and one.state == "registered"
    assert not ConnectionPaper.objects.filter(by_staff="anna").exists()
    act(one, "advance", state="offered", attached=pdf(), **step)
    contract = one.papers.get(kind=ConnectionPaper.Kind.CONTRACT)
    assert one.state == "offered" and contract.by_staff == operator.shown_name
    for state in ("signed", "building", "ready", "done"):
        act(one, "advance", state=state, day=today.isoformat())
        assert one.state == state
    last = shown(at_desk.get(f"{DESK}{one.pk}/"))
    assert "Газ подключён" in last and "Подпишите оба экземпляра" in last
    assert not one.events.exclude(by_staff=operator.shown_name).exists()


def test_papers_are_asked_for_and_a_refusal_has_its_reason(act):
    one = make_application()
    assert "Отметьте документ или назовите другой" in shown(act(one, "ask", text="Нет подписи"))
    assert one.state == "submitted"
    act(one, "ask", papers=["Ситуационный план"], other="Справка", text="Нет подписи")
    assert one.state == "incomplete"
    assert set(one.requests.values_list("name", "text")) == {
        ("Ситуационный план", "Нет подписи"),
        ("Справка", "Нет подписи"),
    }
    today = timezone.localdate().isoformat()
    assert "заявитель её прочитает" in shown(act(one, "refuse", reason=" ", day=today))
    act(one, "refuse", reason="До сети 900 метров", day=today)
    assert one.state == "refused" and "До сети 900 метров" in shown(act(one, "forward"))


def test_a_mistake_is_corrected_and_the_log_has_both(act, at_desk):
    one = make_application("offered", recipient_number="ТП-1", registered_on="2026-11-01")
    bare = act(one, "correct", state="registered", reason="Не та заявка")
    assert "Укажите номер у получателя" in shown(bare) and one.state == "offered"
    act(one, "correct", state="forwarded", reason="Не та заявка")
    assert (one.state, one.recipient_number, one.registered_on) == ("forwarded", "", None)
    entry = AuditEntry.objects.filter(action="connection.correct").latest("pk")
    assert "ТП-1" in str(entry.details)
    note = {"text": "Звонили дважды", "form_key": "0b8f3b3e-6a0c-4f5e-9a53-2f1f5c1d7e11"}
    act(one, "note", **note)
    act(one, "note", **note)
    assert one.notes.count() == 1
    act(one, "withdraw", reason="Позвонил сам")
    assert one.state == "withdrawn"
    gone = shown(act(one, "correct", state="submitted", reason="Передумал"))
    assert one.state == "withdrawn" and "заявка изменилась" in gone


def test_papers_are_taken_one_by_one_as_an_archive_and_on_paper(at_desk, act, novgorod):
    one, other = make_application(), make_application()
    plan = make_paper(one)
    make_paper(one, title="Паспорт/копия", name="план.pdf", content=b"%PDF-1.4 second")
    act(one, "files", kind="other", title="Схема", attached=[pdf("схема.pdf"), pdf("акт.pdf")])
    assert set(one.papers.filter(kind="other").values_list("name", flat=True)) == {
        "схема.pdf",
        "акт.pdf",
    }
    assert at_desk.get(f"{DESK}{one.pk}/papers/{plan.pk}/").getvalue() == b"%PDF-1.4 plan"
    assert at_desk.get(f"{DESK}{other.pk}/papers/{plan.pk}/").status_code == 404
    with schema_context(novgorod.schema_name):
        theirs = make_paper(make_application())
    assert at_desk.get(f"{DESK}{one.pk}/papers/{theirs.pk}/").status_code == 404
    with zipfile.ZipFile(
        io.BytesIO(at_desk.get(f"{DESK}{one.pk}/papers.zip").getvalue())
    ) as packed:
        names = packed.namelist()
        assert len(names) == 3 and packed.read(names[1]) == b"%PDF-1.4 plan"
        assert names[2] == "02-1 Паспорт_копия — план.pdf"
    assert AuditEntry.objects.filter(action="connection.archive").count() == 1
    printed = at_desk.get(f"{DESK}{one.pk}/application.pdf")
    pages = pages_of_pdf(printed.content)
    text = " ".join(pages)
    for said in ("АО «Газораспределение»", one.number, "Тямша", "Ситуационный план", "план.pdf"):
        assert said in text, said
    assert len(pages) <= 2


def test_of_a_person_who_has_gone_nothing_is_left_at_the_desk(at_desk, operator):
    person = uuid4()
    one = make_application("building", subscriber_id=person)
    make_paper(one)
    note_add(application_pk=one.pk, actor=operator, text="Звонила Алёна", form_key=uuid4())
    application_forget(application_pk=one.pk, condition=Q(subscriber_id=person))
    page = shown(at_desk.get(f"{DESK}{one.pk}/"))
    assert "Данные заявителя удалены" in page and "Алёна" not in page
    assert "план.pdf" not in page and "Тямша" not in page
    assert "Данные удалены" in shown(at_desk.get(DESK))
    assert at_desk.get(f"{DESK}{one.pk}/papers.zip").status_code == 200
