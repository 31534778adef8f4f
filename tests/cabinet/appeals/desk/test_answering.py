"""An operator takes an appeal, sees the account, and answers; a colleague does not answer it too."""

import html
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cabinet.appeals.lifecycle.by_subscriber import appeal_ask, appeal_withdraw
from cabinet.appeals.models import Appeal, AppealFile, AppealMessage, CannedAnswer
from cms_pages.models import District, ServiceCentre
from portal.audit.models import AuditEntry
from tenants.schemas import in_company
from tests.support.factories import staff_client, text_of

DESK = "/admin/appeals/"


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"


def shown(response):
    return html.unescape(text_of(response)).replace("\xa0", " ")


def form_of(response):
    """Return the hidden fields of the answer's form."""
    page = response.content.decode()
    names = ("form_key", "seen")
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in names}


def take(client, appeal):
    return client.post(f"{DESK}{appeal.pk}/take/", follow=True)


def answer(client, appeal, hidden, text="Поверим в среду.", **fields):
    data = {"text": text, "outcome": "answered", "send": "yes", **hidden, **fields}
    return client.post(f"{DESK}{appeal.pk}/answer/", data, follow=True)


def test_an_appeal_is_taken_and_answered_with_a_file(at_desk, opened, owner):
    appeal = opened()
    before = shown(at_desk.get(f"{DESK}{appeal.pk}/"))
    # The account's figures are for whoever has taken the appeal, and so stands in the log.
    assert "Когда поверят счётчик?" in before
    assert "К оплате" not in before and "Возьмите обращение" in before
    page = take(at_desk, appeal)
    assert "К оплате" in shown(page) and "27 апреля 2024 г." in shown(page)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.assigned_to.username) == ("in_work", "anna")
    hidden = form_of(page)
    act = SimpleUploadedFile("Акт поверки.txt", "Акт".encode())
    attached = answer(at_desk, appeal, hidden, text="", attached=act, send="")
    # Not sent: nothing was meant to be.
    assert "Приложено к ответу" in shown(at_desk.post(f"{DESK}{appeal.pk}/answer/", hidden))
    assert attached.status_code == 200 and not AppealMessage.objects.exists()
    said = shown(answer(at_desk, appeal, hidden))
    assert f"Обращение № {appeal.pk}: ответ отправлен." in said
    answer(at_desk, appeal, hidden)
    appeal.refresh_from_db()
    message = AppealMessage.objects.get()
    assert appeal.state == "answered" and appeal.locked_by is None and appeal.is_unread
    assert (message.author, message.author_name) == ("staff", "Анна Кузнецова")
    file = AppealFile.objects.get()
    assert (file.message, file.name) == (message, "Акт поверки.txt")
    served = at_desk.get(f"{DESK}{appeal.pk}/files/{file.pk}/")
    assert b"".join(served.streaming_content) == "Акт".encode()
    # Under another appeal's number it is not there.
    assert at_desk.get(f"{DESK}{opened().pk}/files/{file.pk}/").status_code == 404
    done = AuditEntry.objects.filter(subject=str(appeal)).values_list("action", flat=True)
    assert {"appeal.open", "appeal.take", "appeal.answer"} <= set(done)


def test_what_came_meanwhile_is_shown_and_the_text_stays(at_desk, opened, owner):
    appeal = opened()
    hidden = form_of(take(at_desk, appeal))
    key = uuid4()
    appeal_ask(appeal_pk=appeal.pk, subscriber_id=owner.pk, text="Вопрос снят.", form_key=key)
    refused = answer(at_desk, appeal, hidden)
    page = shown(refused)
    assert refused.status_code == 409
    assert "Вопрос снят." in page and "пришло, пока вы писали" in page
    assert "Поверим в среду." in page
    assert not appeal.messages.filter(author="staff").exists()
    answer(at_desk, appeal, form_of(refused))
    appeal.refresh_from_db()
    assert appeal.state == "answered"


def test_an_answer_to_a_withdrawn_appeal_is_not_sent(at_desk, opened, owner):
    appeal = opened()
    hidden = form_of(take(at_desk, appeal))
    appeal_withdraw(appeal_pk=appeal.pk, subscriber_id=owner.pk)
    page = shown(answer(at_desk, appeal, hidden))
    assert "отозвал обращение" in page and "Поверим в среду." in page
    assert not AppealMessage.objects.exists()


def test_a_colleague_sees_who_is_answering_and_takes_it_over(at_desk, beside, opened):
    appeal = opened()
    hidden = form_of(take(at_desk, appeal))
    assert "Сейчас отвечает <strong>Анна Кузнецова</strong>" in shown(
        beside.get(f"{DESK}{appeal.pk}/")
    )
    # Only with a word.
    assert "Сейчас отвечает" in shown(take(beside, appeal))
    taken = beside.post(f"{DESK}{appeal.pk}/take/", {"force": "yes"}, follow=True)
    assert at_desk.post(f"{DESK}{appeal.pk}/hold/").status_code == 409
    assert beside.post(f"{DESK}{appeal.pk}/hold/").status_code == 204
    refused = shown(answer(at_desk, appeal, hidden))
    assert "забрал другой оператор" in refused and "Поверим в среду." in refused
    answer(beside, appeal, form_of(taken), text="Уже в пути.")
    late = shown(answer(at_desk, appeal, hidden, send="force"))
    assert "Уже в пути." in late and "появилось новое" in late
    assert [one.text for one in AppealMessage.objects.all()] == ["Уже в пути."]


def test_what_is_wrong_with_files_is_said_and_the_text_stays(at_desk, opened):
    appeal = opened()
    hidden = form_of(take(at_desk, appeal))
    files = [SimpleUploadedFile(f"{number}.txt", b"text") for number in range(21)]
    files[0] = SimpleUploadedFile("empty.txt", b"")
    files[1] = SimpleUploadedFile("run.exe", b"MZ")
    page = shown(answer(at_desk, appeal, hidden, attached=files))
    assert "Поверим в среду." in page and "run.exe: Файлы «.exe» не принимаются" in page
    assert page.count("не больше 10 файлов") == 1
    assert AppealFile.objects.count() == 10 and not AppealMessage.objects.exists()
    first = AppealFile.objects.order_by("created_at").first()
    left = {**hidden, "remove": first.pk, "text": "Поверим в среду."}
    assert "2.txt" not in shown(at_desk.post(f"{DESK}{appeal.pk}/answer/", left))
    answer(at_desk, appeal, hidden)
    assert AppealMessage.objects.get().files.count() == 9


def test_a_canned_answer_is_inserted_without_a_script(at_desk, opened):
    appeal = opened()
    canned = CannedAnswer.objects.create(title="Ждите", text="Мастер позвонит вам.")
    hidden = form_of(take(at_desk, appeal))
    data = {**hidden, "text": "Добрый день!", "canned": canned.pk, "insert": "yes"}
    page = shown(at_desk.post(f"{DESK}{appeal.pk}/answer/", data))
    assert "Добрый день!\n\nМастер позвонит вам." in page.replace("\r", "")
    assert "Напишите ответ" not in page


def test_notes_transfers_and_colleagues(at_desk, beside, boris, opened, owner_client):
    appeal = opened()
    centre = ServiceCentre.objects.create(
        name="Островский", district=District.objects.create(name="Островский район")
    )
    take(at_desk, appeal)
    key = uuid4()
    note = {"note-text": "Звонила дважды.", "note-form_key": key}
    assert "Звонила дважды." in shown(at_desk.post(f"{DESK}{appeal.pk}/note/", note, follow=True))
    page = at_desk.post(f"{DESK}{appeal.pk}/transfer/", {"transfer-centre": centre.pk})
    assert "Напишите, почему передаёте" in shown(page)
    data = {"assign-operator": boris.pk}
    assert "Борис Львов" in shown(at_desk.post(f"{DESK}{appeal.pk}/assign/", data, follow=True))
    data = {"transfer-centre": centre.pk, "transfer-reason": "Их район"}
    beside.post(f"{DESK}{appeal.pk}/transfer/", data)
    appeal.refresh_from_db()
    assert (appeal.centre, appeal.assigned_to, appeal.state) == (centre, None, "new")
    entry = AuditEntry.objects.get(action="appeal.transfer")
    assert (entry.actor_name, entry.details["reason"]) == ("boris", "Их район")
    assert "Передано: Островский. Их район" in shown(beside.get(f"{DESK}{appeal.pk}/"))
    beside.post(f"{DESK}{appeal.pk}/take/")
    beside.post(f"{DESK}{appeal.pk}/release/")
    appeal.refresh_from_db()
    assert (appeal.state, appeal.assigned_to) == ("new", None)


@pytest.mark.parametrize(("who", "status"), [("editor", 404), ("company_administrator", 200)])
def test_only_operators_and_administrators_come_in(request, opened, who, status):
    appeal = opened()
    client = staff_client(request.getfixturevalue(who))
    for path in ("", "mine/", "all/", f"{appeal.pk}/"):
        assert client.get(f"{DESK}{path}").status_code == status


def test_another_companys_appeals_are_not_there(at_desk, opened, novgorod):
    with in_company(novgorod):
        key = uuid4()
        there = Appeal.objects.create(form_key=key, source="site", kind_name="Чужое", text="Тайна")
    assert at_desk.get(f"{DESK}{there.pk}/").status_code == 404
    assert "Тайна" not in shown(at_desk.get(f"{DESK}all/"))
