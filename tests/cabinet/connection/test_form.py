"""The form of an application: its steps in any order, the checklist, the sending, what comes in wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from limits import RateLimitItemPerDay

from cabinet.connection.form import limits
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, PaperType
from cabinet.subscribers.models import Consent
from portal.messaging.models import Message
from tests.cabinet.connection.applying import (
    NEW,
    PHONE,
    START,
    applicant,
    begun,
    boiler,
    code_sent,
    connection_on,
    filled,
    place,
    units,
)
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, logged_in, text_of
from tests.support.files import PDF, picture

Application = ConnectionApplication


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def recipient(pskov):
    return connection_on()


def boxes(page: str) -> dict[str, str]:
    """Return the boxes of consents on a page, ticked."""
    import re

    found = re.findall(r'<input type="checkbox"[^>]*>', page)
    names = [
        (re.search(r'name="([^"]+)"', one)[1], re.search(r'value="([^"]+)"', one)[1])
        for one in found
    ]
    return dict(names)


def test_a_visitor_applies_from_the_first_step_to_the_number(guest, recipient):
    first = text_of(guest.get(START))
    assert "Подать заявку" in first and "больше 7 м³/ч" in first
    assert "в течение 30 рабочих дней после регистрации" in first
    address = filled(guest)
    page = text_of(guest.get(f"{address}review/"))
    for said in ("60:27:0140102:45", "Петров Пётр", "Котёл отопления", "2,81 м³/ч", "план.pdf"):
        assert said in page, said
    assert "Чего не хватает" not in page
    ticked = boxes(page)
    assert set(ticked) == {"consent", "policy"}
    refused = text_of(guest.post(f"{address}review/"))
    assert "не вправе передать заявку" in refused
    answer = guest.post(f"{address}review/", ticked)
    assert answer.headers["Location"] == f"{address}code/"
    draft = Application.objects.get()
    assert Consent.objects.filter(application_id=draft.key).count() == 2
    assert "+7 911 222-33-44" in text_of(guest.get(f"{address}code/"))
    assert Message.objects.get(kind="connection_code").recipient == PHONE
    wrong = "000 000" if code_sent() != "000 000" else "111 111"
    assert "Код не подошёл" in text_of(guest.post(f"{address}code/", {"code": wrong}))
    answer = guest.post(f"{address}code/", {"code": code_sent()})
    sent = Application.objects.get()
    assert answer.headers["Location"] == f"/connection/applications/{sent.number}/"
    assert sent.state == "submitted" and len(sent.number) == 9
    assert (sent.phone, sent.cadastral_number) == (PHONE, "60:27:0140102:45")
    assert str(sent.flow) == "2.81"
    # The same form again leads to the same application, and its draft is no draft any more.
    for again in (f"{address}code/", f"{address}review/"):
        assert guest.post(again, {"code": "1"}).headers["Location"].endswith(f"{sent.number}/")
    assert guest.get(f"{address}object/").status_code == 404
    assert guest.post(f"{address}delete/").status_code == 404
    assert Application.objects.count() == 1


def test_a_person_with_a_login_needs_no_code_and_no_captcha(owner_client, owner, recipient, link):
    begun(owner_client, captcha="")
    draft = Application.objects.get()
    assert draft.subscriber_id == owner.pk and draft.secret_hash == ""
    address = f"/connection/{draft.key}/"
    page = text_of(owner_client.get(f"{address}review/"))
    for missing in ("Отметьте, что это: дом", "Выберите хотя бы одно", "Ситуационный план"):
        assert missing in page, missing
    # Nothing is sent while something is missing.
    assert owner_client.post(f"{address}review/", boxes(page)).status_code == 200
    assert Application.objects.get().state == "draft"
    assert "У вас есть начатая заявка" in text_of(owner_client.get(START))


def test_the_menu_of_the_cabinet_leads_there_without_an_account(stranger, recipient, link):
    client = logged_in(stranger, PSKOV_HOST)
    page = client.get(START).content.decode()
    assert "site-header--cabinet" in page and 'href="/connection/"' in page
    assert "Технологическое присоединение" in page


def test_steps_are_saved_in_any_order_and_the_rest_is_said(guest, recipient):
    address = f"/connection/{begun(guest).key}/"
    later = {"action": "later", "address": "д. Писковичи", "land_number": "нет"}
    refused = text_of(guest.post(f"{address}object/", later))
    assert "Проверьте номер по выписке" in refused and "д. Писковичи" in refused
    assert 'value="нет"' in refused
    answer = guest.post(f"{address}object/", later | {"land_number": ""})
    assert answer.headers["Location"] == START
    assert "д. Писковичи" in text_of(guest.get(START))
    assert "д. Писковичи" in text_of(guest.get(f"{address}object/"))
    for step in ("applicant", "equipment", "papers", "review"):
        assert guest.get(f"{address}{step}/").status_code == 200, step
    assert guest.get(f"{address}other/").status_code == 404
    answer = guest.post(f"{address}applicant/?from=review", applicant(name="Иванов Иван"))
    assert answer.headers["Location"] == f"{address}review/"
    assert "Иванов Иван" in text_of(guest.get(f"{address}review/"))


def test_the_checklist_follows_the_answers(guest, recipient):
    draft = begun(guest)
    address = f"/connection/{draft.key}/"

    def papers() -> str:
        return text_of(guest.get(f"{address}papers/"))

    for name in ("Доверенность", "Согласие остальных", "Договор аренды", "Расчёт максимального"):
        assert name not in papers(), name
    form = applicant(role="agent", owner="Сидоров С. С.", is_shared="on", ground="rent")
    guest.post(f"{address}applicant/", form)
    guest.post(f"{address}equipment/", units(boiler(power="65")))
    for name in ("Доверенность", "Согласие остальных", "Договор аренды", "Расчёт максимального"):
        assert name in papers(), name
    large = PaperType.objects.get(when="large_flow")
    guest.post(f"{address}papers/", {f"files-{large.pk}": SimpleUploadedFile("расчёт.pdf", PDF)})
    guest.post(f"{address}equipment/", units(boiler(power="59")))
    # What was sent and is not asked for any more is shown, for it would go along.
    assert "больше не нужен" in papers() and "расчёт.pdf" in papers()
    assert "расчёт.pdf" in text_of(guest.get(f"{address}review/"))
    guest.post(f"{address}papers/", {"remove": draft.papers.get().pk})
    assert "Расчёт максимального" not in papers()
    without_owner = text_of(guest.post(f"{address}applicant/", applicant(role="agent")))
    assert "Укажите, за кого" in without_owner


def test_kilowatts_and_cubic_metres_are_told_apart(guest, recipient):
    address = f"/connection/{begun(guest).key}/equipment/"
    # Without a unit the portal asks, with the number moved to where it belongs.
    asked = text_of(guest.post(address, units(boiler(power="", flow="24"))))
    assert "24 похоже на мощность в киловаттах: это около 2,8 м³/ч" in asked
    assert 'name="unit-0-power" value="24"' in asked and 'name="unit-0-flow" value' not in asked
    asked = text_of(guest.post(address, units(boiler(power="2,8"))))
    assert "2,8 похоже на расход" in asked and 'name="unit-0-flow" value="2,8"' in asked
    for sent, stored in (
        (boiler(power="", flow="24 кВт"), "2.81"),
        (boiler(power="", flow="24 м3/ч"), "24.00"),
        (boiler(power="2,8 куб.м/час"), "2.80"),
        (boiler(power="24000 Вт"), "2.81"),
        (boiler(power="", flow="2.73", count="2"), "5.46"),
    ):
        assert guest.post(address, units(sent)).status_code == 302, sent
        assert Application.objects.get().answers["equipment"]["flow"] == stored, sent
    wrong = text_of(guest.post(address, units(boiler(power="много"), boiler(count="0"))))
    assert "Введите число больше нуля" in wrong and "Введите число штук" in wrong
    assert 'value="много"' in wrong
    assert "Выберите хотя бы одно" in text_of(guest.post(address, units({}, {})))
    huge = [boiler(power="", flow="5000 м3/ч", count="99")] * 3
    assert "весь расход получается слишком большим" in text_of(guest.post(address, units(*huge)))
    assert "flow" not in Application.objects.get().answers["equipment"]
    more = text_of(guest.post(address, units(boiler()) | {"action": "more"}))
    assert "Оборудование 2" in more and "2,81 м³/ч" in more


def test_a_paper_that_lies_about_its_type_is_refused(guest, recipient, monkeypatch):
    draft = begun(guest)
    paper = PaperType.objects.filter(when="always").first()
    address = f"/connection/{draft.key}/papers/"

    def send(name: str, content: bytes, **more) -> tuple[int, dict]:
        file = SimpleUploadedFile(name, content)
        answer = guest.post(f"{address}file/", {"line": paper.pk, "file": file, **more})
        return answer.status_code, answer.json()

    status, answer = send("план.pdf", b"MZ\x90 program")
    assert status == 422 and "«план.pdf» не приложен. Внутри файла не то" in answer["error"]
    status, answer = send("снимок.jpg", PDF)
    assert status == 422 and not ConnectionPaper.objects.exists()
    status, stored = send("снимок.jpg", picture())
    assert status == 200 and stored["name"] == "снимок.jpg"
    answer = guest.get(f"{address}{stored['id']}/")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    page = text_of(guest.post(address, {"remove": stored["id"]}))
    assert "снимок.jpg" not in page and not draft.papers.exists()
    refused = text_of(
        guest.post(address, {f"files-{paper.pk}": SimpleUploadedFile("a.exe", b"MZ")})
    )
    assert "«a.exe» не приложен" in refused
    # However many drafts: a network stores so many bytes a day.
    monkeypatch.setattr(limits.FILE_KB_OF_ADDRESS, "item", RateLimitItemPerDay(1))
    assert [send("план.pdf", PDF)[0] for _ in range(2)] == [200, 422]


def test_drafts_and_their_papers_are_their_owners(
    guest, owner_client, stranger, recipient, novgorod
):
    """A browser's draft opens by its secret alone, a person's by the login alone."""
    of_guest = filled(guest)
    of_owner = filled(owner_client)
    nobody = Client(headers={"host": PSKOV_HOST})
    others = [nobody, logged_in(stranger, PSKOV_HOST)]
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    elsewhere.cookies.update(guest.cookies)
    for address, eyes in (
        (of_guest, [*others, owner_client, elsewhere]),
        (of_owner, [*others, guest, elsewhere]),
    ):
        draft = Application.objects.get(key=address.split("/")[2])
        paper = draft.papers.first()
        before = draft.answers
        for client in eyes:
            # Whose login may have ended is asked for it; nothing of the draft is shown.
            shut = 302 if address == of_owner and client in (nobody, guest) else 404
            for step in ("applicant", "object", "equipment", "papers", "review", "code"):
                assert client.get(f"{address}{step}/").status_code == shut, step
                assert client.post(f"{address}{step}/", place()).status_code == shut, step
            assert client.get(f"{address}papers/{paper.pk}/").status_code == shut
            assert client.post(f"{address}papers/file/", {"remove": paper.pk}).status_code == shut
            assert client.post(f"{address}delete/").status_code == shut
            assert "начатая заявка" not in text_of(client.get(START)) or client in (
                guest,
                owner_client,
            )
        draft.refresh_from_db()
        assert draft.answers == before and draft.papers.filter(pk=paper.pk).exists()
    # Not by the other draft's address either.
    paper = Application.objects.get(key=of_owner.split("/")[2]).papers.first()
    assert guest.get(f"{of_guest}papers/{paper.pk}/").status_code == 404
    guest.post(f"{of_guest}papers/", {"remove": paper.pk})
    assert ConnectionPaper.objects.filter(pk=paper.pk).exists()


def test_where_no_applications_are_taken_the_page_says_who_does(guest, pskov, recipient):
    connection_on(is_on=False)
    page = text_of(guest.get(START))
    assert "АО «Газораспределение»" in page and "Подать заявку</a>" not in page
    assert guest.get(NEW).headers["Location"] == START
    pskov.kind = "capital_repair"
    pskov.save()
    for path in (START, NEW, f"{START}status/"):
        assert guest.get(path).status_code == 404, path
