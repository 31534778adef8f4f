"""The applicant's pages: who sees an application, and what is said of it in each state."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cabinet.connection.lifecycle.by_staff import (
    AskedPaper,
    application_advance,
    application_forwarded,
    application_register,
    papers_ask,
)
from cabinet.connection.lifecycle.states import State
from cabinet.connection.limits import CODES_OF_CONTACT
from cabinet.connection.models import ConnectionPaper
from portal.messaging.models import Message
from tests.support.connection import make_application, make_paper
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, logged_in, text_of
from tests.support.files import EXE, PDF

STATUS, MINE = "/connection/status/", "/connection/applications/"


def page(application):
    return f"{MINE}{application.number}/"


@pytest.fixture
def guest(pskov):
    return Client(headers={"host": PSKOV_HOST})


def asked(guest, application, **typed):
    form = {"number": application.number, "phone": "8 911 555-01-42", "captcha": "human", **typed}
    return guest.post(STATUS, form)


def without_token(answer):
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", text_of(answer))


def code_of(application):
    text = Message.objects.filter(kind="connection_code").latest("created_at").text
    return re.search(r"\d{3} ?\d{3}", text)[0]


def confirmed(guest, application, code, **typed):
    form = {"number": application.number, "phone": "+79115550142", "code": code, **typed}
    return guest.post(STATUS, form)


def test_by_number_and_code_for_a_day(guest, clock):
    application = make_application()
    paper = make_paper(application, kind="contract", title="Договор", by_staff="anna")
    led = guest.get(page(application))
    assert led.status_code == 302 and led.url == f"{STATUS}?number={application.number}"
    assert application.number in guest.get(led.url).content.decode()
    sent = asked(guest, application, number=f"№ {application.number[:3]} {application.number[3:]}")
    assert "Если номер заявки и телефон верны" in text_of(sent)
    code = code_of(application)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06d}"
    assert "Код не подошёл или устарел" in text_of(confirmed(guest, application, wrong))
    opened = confirmed(guest, application, code)
    assert (opened.status_code, opened.url) == (302, page(application))
    shown = text_of(guest.get(opened.url))
    assert "Мы приняли заявку и передадим её получателю." in shown and "Полевая" in shown
    assert guest.get(f"{page(application)}papers/{paper.pk}/").status_code == 200
    # Nobody else's browser, and this one for a day.
    stranger = Client(headers={"host": PSKOV_HOST})
    assert stranger.get(page(application)).status_code == 302
    assert stranger.get(f"{page(application)}papers/{paper.pk}/").status_code == 404
    assert stranger.post(f"{page(application)}withdraw/").status_code == 404
    assert guest.get(page(make_application())).status_code == 302
    clock.forward(datetime.timedelta(days=1, minutes=1))
    assert guest.get(page(application)).status_code == 302


def test_no_answer_tells_whether_there_is_one(guest, novgorod):
    application = make_application()
    draft = make_application("draft")
    there = without_token(asked(guest, application))
    unknown = without_token(asked(guest, application, number="100000000"))
    assert unknown == there.replace(application.number, "100000000")
    other = without_token(asked(guest, application, phone="8 911 555-01-43"))
    assert other == there.replace("50142", "50143")
    assert Message.objects.filter(kind="connection_code").count() == 1
    for typed in ({"number": "100000000"}, {"phone": "+79115550143"}, {}):
        said = text_of(confirmed(guest, application, "000000", **typed))
        assert "Код не подошёл или устарел" in said
    # After the last try too, and of a draft, which has no number, there is nothing to find.
    for _ in range(6):
        said = text_of(confirmed(guest, application, "000000"))
    assert "Код не подошёл или устарел" in said and draft.number is None
    assert "девять цифр" in text_of(asked(guest, application, number="12"))
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    assert elsewhere.get(page(application)).status_code == 302


def test_codes_are_limited(guest):
    application = make_application()
    for _ in range(CODES_OF_CONTACT.item.amount):
        assert asked(guest, application).status_code == 200
    refused = asked(guest, application)
    assert refused.status_code == 429 and "слишком много кодов" in text_of(refused)
    # Within a minute no second one goes out.
    assert Message.objects.filter(kind="connection_code").count() == 1


def test_a_persons_own_and_nobody_elses(owner, stranger, pskov, novgorod):
    mine = make_application(subscriber_id=owner.pk, is_unread=True)
    make_application("draft", subscriber_id=owner.pk)
    paper = make_paper(mine)
    client, other = logged_in(owner, PSKOV_HOST), logged_in(stranger, PSKOV_HOST)
    listed = text_of(client.get(MINE))
    assert mine.number in listed and "есть новое" in listed and listed.count("Заявка №") == 1
    assert mine.number not in text_of(other.get(MINE))
    assert client.get("/connection/applications/%00/").status_code == 404
    for path in ("", f"papers/{paper.pk}/"):
        assert client.get(page(mine) + path).status_code == 200
        assert other.get(page(mine) + path).status_code == 404
        assert logged_in(owner, NOVGOROD_HOST).get(page(mine) + path).status_code == 404
    mine.refresh_from_db()
    assert not mine.is_unread
    assert other.post(f"{page(mine)}withdraw/").status_code == 404
    assert client.get(f"{page(mine)}withdraw/").status_code == 302
    mine.refresh_from_db()
    assert mine.state == "submitted"
    withdrawn = client.post(f"{page(mine)}withdraw/", follow=True)
    assert "Вы отозвали заявку." in text_of(withdrawn)
    assert "Отозвать заявку" not in text_of(withdrawn)


def test_what_is_said_on_the_way(owner, settings_row, anna, django_assert_max_num_queries):
    application = make_application(subscriber_id=owner.pk)
    client = logged_in(owner, PSKOV_HOST)
    by = {"application_pk": application.pk, "actor": anna}
    client.get(page(application))

    def said():
        with django_assert_max_num_queries(45):
            return text_of(client.get(page(application)))

    first = said()
    assert (
        "в течение тридцати рабочих дней" in first.replace("\xa0", " ") or "рабочих дней" in first
    )
    assert "Сроки по закону идут со дня" in first
    application_forwarded(**by)
    assert "Заявка передана получателю" in said()
    today = datetime.date(2026, 9, 7)
    application_register(**by, recipient_number="ГР-77", registered_on=today)
    registered = said()
    assert "ГР-77" in registered and "Договор должен быть готов до" in registered
    contract = make_paper(None, kind="contract", title="Договор", by_staff="anna")
    application_advance(
        **by, state="offered", day=today, text="Подпишите оба листа.", files=[contract.pk]
    )
    offered = said()
    assert "Подпишите оба листа." in offered and "Документы для вас" in offered
    file = client.get(f"{page(application)}papers/{contract.pk}/")
    assert file["Content-Disposition"].startswith("attachment")
    for state in (State.SIGNED, State.BUILDING, State.READY, State.DONE):
        application_advance(**by, state=state, day=today)
    assert "Газ подключён." in said()


def test_papers_that_are_asked_for(owner, settings_row, anna):
    application = make_application(subscriber_id=owner.pk)
    asked = [AskedPaper("План", "Нет подписи"), AskedPaper("Доверенность")]
    papers_ask(application_pk=application.pk, actor=anna, asked=asked)
    plan, warrant = application.requests.order_by("pk")
    client = logged_in(owner, PSKOV_HOST)
    shown = text_of(client.get(page(application)))
    assert "Пришлите документы" in shown and "Нет подписи" in shown
    nothing = client.post(page(application))
    assert nothing.status_code == 200 and "Выберите файл." in text_of(nothing)
    lies = SimpleUploadedFile("план.pdf", EXE)
    right = SimpleUploadedFile("доверенность.pdf", PDF)
    names = {f"request-{plan.pk}": lies, f"request-{warrant.pk}": right}
    answered = text_of(client.post(page(application), names))
    assert "«план.pdf» не приложен." in answered and "Остальные документы мы получили." in answered
    assert (
        "Доверенность"
        not in answered.partition("Как идёт подключение")[0].partition("Отправить")[0]
    )
    many = [SimpleUploadedFile(f"лист {number}.pdf", PDF) for number in range(2)]
    done = client.post(page(application), {f"request-{plan.pk}": many}, follow=True)
    assert "Мы получили документы." in text_of(done) and "Пришлите" not in text_of(done)
    application.refresh_from_db()
    assert application.state == "submitted" and application.papers.count() == 3
    late = client.post(page(application), {f"request-{plan.pk}": many}, follow=True)
    assert "присылать больше ничего не нужно" in text_of(late)
    assert application.papers.count() == ConnectionPaper.objects.count() == 3
