"""How an application reaches its recipient: by letters, by the exchange, by hand; each thing once."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.connection.forwarding import letters
from cabinet.connection.lifecycle.by_applicant import application_withdraw, papers_answer
from cabinet.connection.lifecycle.by_staff import (
    AskedPaper,
    application_forwarded,
    application_register,
    application_send_again,
    papers_ask,
)
from cabinet.connection.lifecycle.forwarding import application_forward, applications_sweep
from cabinet.connection.models import ConnectionApplication
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from tests.exchange.api import Billing, make_token
from tests.support.connection import make_application, make_paper
from tests.support.factories import PSKOV_HOST
from tests.support.inbox import smtp_server
from tests.support.jobs import enqueued, swept


@pytest.fixture
def by_mail(settings_row):
    settings_row.way = "mail"
    settings_row.save()


@pytest.fixture
def waiting(settings_row):
    """An application that waits to be forwarded, with two papers."""
    application = make_application(due_at=timezone.now())
    make_paper(application)
    make_paper(application, title="Право", content=b"%PDF-1.4 right")
    return application


def written():
    return Message.objects.filter(kind="connection_forward").order_by("created_at", "pk")


def delivered():
    for one in written().filter(state="pending"):
        message_deliver(one.pk)


def again(application):
    """The moment for which the job was put off has come."""
    ConnectionApplication.objects.filter(pk=application.pk).update(due_at=timezone.now())
    with enqueued():
        application_forward(application_pk=application.pk)
    application.refresh_from_db()


def test_by_letter_once(by_mail, waiting, settings):
    with smtp_server(settings) as inbox:
        assert swept(applications_sweep) == 1
        waiting.refresh_from_db()
        # It counts as forwarded when the letter has left, not when it is written.
        assert waiting.state == "submitted" and waiting.due_at > timezone.now()
        again(waiting)
        assert waiting.state == "submitted"
        delivered()
        (letter,) = inbox.letters
        names = [one.get_filename() for one in letter.iter_attachments()]
        assert names == [f"Заявка {waiting.number}.pdf", "план.pdf", "2-план.pdf"]
        assert letter["To"] == "gro@example.ru" and waiting.number in letter["Subject"]
        again(waiting)
        assert waiting.state == "forwarded" and waiting.forwarded_at and waiting.due_at is None
        assert not waiting.papers.filter(forwarded_at=None).exists()
        assert Message.objects.filter(kind="connection_state").count() == 1
        assert swept(applications_sweep) == 0
        assert written().count() == 1
        application_withdraw(application_pk=waiting.pk)
        delivered()
        assert "отозвал эту заявку" in inbox.letters[-1].get_body(("plain",)).get_content()


def test_too_much_for_one_letter(by_mail, waiting, monkeypatch, client):
    huge = make_paper(waiting, name="проект.pdf", content=b"%PDF-1.4 " + b"x" * 400_000)
    monkeypatch.setattr(letters, "BYTES_OF_LETTER", 300_000)
    monkeypatch.setattr(letters, "application_pdf", lambda *_: b"%PDF" + b"x" * 299_990)
    with enqueued():
        application_forward(application_pk=waiting.pk)
    first, second = written()
    assert "письмо 1 из 2" in first.subject and "письмо 2 из 2" in second.subject
    assert [one.name for one in second.attachments.order_by("pk")] == ["план.pdf", "2-план.pdf"]
    assert first.attachments.count() == 1
    path = next(word for word in first.text.split() if "/connection/forwarded/" in word)
    path = path.split(PSKOV_HOST)[1].partition("/")[2]
    client = Client(headers={"host": PSKOV_HOST})
    answer = client.get(f"/{path}")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.4 xxx")
    assert client.get(f"/{path[:-3]}abc/").status_code == 404
    application_withdraw(application_pk=waiting.pk)
    assert client.get(f"/{path}").status_code == 404
    assert huge.forwarded_at is None  # as it was read before


def test_a_letter_that_nobody_takes_comes_back_to_the_desk(by_mail, waiting, anna, settings):
    with enqueued():
        application_forward(application_pk=waiting.pk)
    written().update(state="failed")
    again(waiting)
    assert (waiting.state, waiting.due_at, waiting.error) == ("submitted", None, "letter")
    assert waiting.papers.filter(forwarded_at=None).count() == 2
    with enqueued() as tasks:
        application_send_again(application_pk=waiting.pk, actor=anna)
    tasks[0].run()
    assert written().filter(state="pending").count() == 1


def test_papers_that_come_later_follow(by_mail, waiting, anna):
    by = {"application_pk": waiting.pk, "actor": anna}
    application_register(**by, recipient_number="ГР-5", registered_on=datetime.date(2026, 9, 7))
    waiting.papers.update(forwarded_at=timezone.now())
    request = papers_ask(**by, asked=[AskedPaper("План")]).requests.get()
    late = make_paper(None, name="новый.pdf")
    papers_answer(application_pk=waiting.pk, files={request.pk: [late.pk]})
    again(waiting)
    (letter,) = written()
    assert "ГР-5" in letter.text and letter.attachments.filter(name="новый.pdf").exists()
    assert letter.attachments.count() == 2
    written().update(state="sent")
    again(waiting)
    assert (waiting.state, waiting.due_at) == ("registered", None)


def test_by_the_exchange_when_the_recipient_has_acknowledged(settings_row, pskov, waiting, owner):
    settings_row.way = "exchange"
    settings_row.save()
    from cabinet.outgoing.models import Kind
    from cabinet.outgoing.services import outgoing_note

    outgoing_note(Kind.APPLICATIONS, [waiting.pk])
    again(waiting)
    assert waiting.state == "submitted" and waiting.due_at > timezone.now()
    network = Billing(make_token(pskov, "applications:read", "acknowledgements:write"))
    (row,) = network.rows("applications")
    assert row["application_id"] == waiting.number and row["account_number"] is None
    one = network.get(f"applications/{waiting.number}").json()
    assert one["applicant_name"] == "Ёлкина Алёна Семёновна" and one["flow"] == "4.01"
    assert {"section": "Объект", "label": "Кадастровый номер участка"}.items() <= next(
        line for line in one["answers"] if line["value"] == "60:18:0060201:145"
    ).items()
    paper = one["papers"][0]["paper_id"]
    file = network.get(f"applications/{waiting.number}/papers/{paper}")
    assert b"".join(file.streaming_content) == b"%PDF-1.4 plan"
    other = make_paper(make_application())
    for path in (f"{waiting.number}/papers/{other.pk}", "100000000", make_application("draft").key):
        assert network.get(f"applications/{path}").status_code == 404
    assert Billing(make_token(pskov, "readings:read")).get("applications/1").status_code == 403
    again(waiting)
    assert waiting.state == "submitted"  # given, and not acknowledged
    network.acknowledge(applications=row["cursor"])
    again(waiting)
    assert waiting.state == "forwarded"


def test_by_hand_it_waits_on_the_desk(waiting, anna):
    again(waiting)
    assert (waiting.state, waiting.due_at) == ("submitted", None)
    application_forwarded(application_pk=waiting.pk, actor=anna)
    application_forwarded(application_pk=waiting.pk, actor=anna)
    waiting.refresh_from_db()
    assert waiting.state == "forwarded" and waiting.events.count() == 1
