"""A new appeal: the kind, its form, files, drafts, and what comes in wrong."""

import datetime
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerDay

from cabinet.appeals import limits
from cabinet.appeals.files import MOST_FILES
from cabinet.appeals.models import Appeal, AppealDraft, AppealField, AppealFile, AppealKind
from cabinet.appeals.page.drafts import MOST
from cabinet.appeals.tasks import unsent_forget
from cabinet.subscribers.models import SubscriberSession
from portal.uploads.services import private_storage
from tests.support.factories import (
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_link,
    make_reading,
    text_of,
)
from tests.support.files import PDF, archive, picture
from tests.support.payments import make_payment


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def kind(pskov) -> AppealKind:
    kind = AppealKind.objects.create(name="Поверка счётчика газа", files_hint="Фото счётчика.")
    AppealField.objects.create(kind=kind, label="Номер пломбы")
    return kind


@pytest.fixture
def path(link) -> str:
    return f"/cabinet/{link.pk}/service-centre/appeals/new/"


def filled(kind, **more) -> dict:
    return {
        "form_key": str(uuid4()),
        "kind": str(kind.pk),
        "email": "owner@mail.ru",
        "text": "Когда придёт мастер?",
        **more,
    }


def upload(name="akt.pdf", content=PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_appeal_is_written_with_files_and_confirmed(owner_client, path, kind, owner, account):
    first = text_of(owner_client.get(path))
    assert "Вид не выбран" in first and "Текст обращения" not in first
    form = text_of(owner_client.get(f"{path}?kind={kind.pk}&from=information"))
    assert "Номер пломбы" in form and "jpeg, jpg, png, pdf, doc, docx, txt" in form
    assert "10 МБ" in form and "Фото счётчика." in form
    assert 'value="owner@mail.ru"' in form and "Лицевой счёт № 805107" in form
    field = f"field_{kind.fields.get().pk}"
    sent = filled(
        kind, **{field: "77", "from": "information"}, files=[upload(), upload("дом.txt", b"a")]
    )
    answer = owner_client.post(path, sent)
    appeal = Appeal.objects.get()
    assert answer.headers["Location"] == f"{path}sent/{appeal.pk}/"
    assert (appeal.kind_name, appeal.account, appeal.subscriber_id) == (
        kind.name,
        account,
        owner.pk,
    )
    assert appeal.answers == [["Номер пломбы", "77"]]
    assert appeal.context.startswith("Лицевой счёт №\u00a0805107")
    assert [one.name for one in appeal.files.order_by("name")] == ["akt.pdf", "дом.txt"]
    done = text_of(owner_client.get(answer.headers["Location"]))
    assert f"Обращение № {appeal.pk} принято" in done and "Ответим до" in done


def test_only_what_the_person_may_see_is_brought_along(
    owner_client, path, kind, owner, account, stranger
):
    own = make_payment(account, subscriber_id=owner.pk)
    others = make_payment(account, subscriber_id=stranger.pk)
    make_reading(account.meters.get(), 1950, datetime.date(2026, 10, 25))
    for asked, said in [
        (f"from=payment&object={own.pk}", f"Платёж № {own.pk} на"),
        (f"from=payment&object={others.pk}", "Оплата"),
        ("from=payment&object=99999999999999999999", "Оплата"),
        ("from=readings", "1 950 м³ на 25 октября 2026 г."),
        ("from=bill&object=2026-10", "Квитанция за октябрь 2026"),
        ("from=bill&object=<b>", "Квитанции"),
    ]:
        page = text_of(owner_client.get(f"{path}?kind={kind.pk}&{asked}"))
        assert f"<b>О чём:</b> {said}" in page or said in page, asked
        assert f"Платёж № {others.pk} " not in page
    assert "О чём" not in text_of(owner_client.get(f"{path}?from=nonsense&text=spam"))
    owner_client.post(path, filled(kind, **{"from": "payment", "object": str(others.pk)}))
    assert Appeal.objects.get().context == "Оплата"


def test_a_form_sent_twice_is_one_appeal_and_another_text_is_not_lost(owner_client, path, kind):
    sent = filled(kind)
    places = {owner_client.post(path, sent).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    page = owner_client.post(path, {**sent, "text": "И ещё вопрос"})
    text = text_of(page)
    assert "уже отправлено" in text and "И ещё вопрос" in text
    fresh = re.search(r'name="form_key" value="([^"]+)"', text)[1]
    assert fresh != sent["form_key"]
    assert Appeal.objects.count() == 1
    owner_client.post(path, {**sent, "text": "И ещё вопрос", "form_key": fresh})
    assert Appeal.objects.count() == 2


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("bomb.docx", archive("[Content_Types].xml", "word/document.xml", big=bytes(160_000_000))),
         "После распаковки"),
        (("m.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
         "макросы"),
        (("cut.jpg", picture((900, 600), "JPEG")[:900]), "не открывается как снимок"),
        (("logo.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'), "не открывается как снимок"),
        (("empty.pdf", b""), "пустой"),
        (("a.exe", b"MZ"), "«.exe» не принимаются"),
    ],
)  # fmt: skip
def test_files_that_are_refused_keep_what_was_typed(owner_client, path, kind, file, said):
    page = text_of(owner_client.post(path, filled(kind, files=[upload(*file), upload()])))
    assert said in page and f"«{file[0]}» не приложен" in page
    assert "Когда придёт мастер?" in page and not Appeal.objects.exists()
    assert [one.name for one in AppealFile.objects.all()] == ["akt.pdf"]
    assert "akt.pdf" in page and page.count(said) == 2  # at the field and in the summary


def test_a_picture_is_drawn_anew_and_its_name_is_cleaned(owner_client, path, kind):
    script = picture((90, 60), "JPEG", comment=b"<script>alert(1)</script>")
    assert b"<script>" in script
    name = "а" * 190 + "...\u202egpj.exe.JPEG"
    latin = upload("a" * 250 + ".txt", b"a")
    owner_client.post(path, filled(kind, files=[upload(name, script), latin]))
    file, other = Appeal.objects.get().files.order_by("extension")
    with private_storage().open(file.file_name) as stored:
        assert b"<script>" not in stored.read()
    assert file.extension == "jpg" and file.name.endswith(".jpg")
    assert len(file.name.encode()) <= 200 and "\u202e" not in file.name
    assert other.name == "a" * 190 + ".txt"


def test_21_files_are_refused_clearly(owner_client, path, kind):
    sent = filled(kind, files=[upload(f"{n}.txt", b"a") for n in range(21)])
    page = text_of(owner_client.post(path, sent))
    assert "Вы выбрали файлов: 21, а приложить можно не больше 10." in page
    assert not AppealFile.objects.exists() and not Appeal.objects.exists()


def test_files_come_one_by_one_and_go_again(owner_client, path, kind, stranger, pskov):
    key = str(uuid4())
    for number in range(MOST_FILES):
        answer = owner_client.post(
            "/cabinet/appeals/file/",
            {"form_key": key, "file": upload(f"{number}.txt", b"abc")},
        )
        assert answer.json()["size"] == 3
    one_more = owner_client.post("/cabinet/appeals/file/", {"form_key": key, "file": upload()})
    assert one_more.status_code == 422 and "не больше 10 файлов" in one_more.json()["error"]
    other = logged_in(stranger, PSKOV_HOST)
    taken = {"form_key": key, "remove": answer.json()["id"]}
    other.post("/cabinet/appeals/file/", taken)
    for_nothing = {"form_key": str(uuid4()), "file": upload()}
    assert other.post("/cabinet/appeals/file/", for_nothing).status_code == 404
    assert AppealFile.objects.count() == MOST_FILES
    owner_client.post("/cabinet/appeals/file/", taken)
    assert AppealFile.objects.count() == MOST_FILES - 1
    page = text_of(owner_client.post(path, filled(kind, form_key=key, action="kind")))
    assert "0.txt" in page and "9.txt" not in page
    for nonsense in ({"form_key": "x"}, {"form_key": key, "remove": "x"}):
        assert owner_client.post("/cabinet/appeals/file/", nonsense).status_code == 404
    assert owner_client.post("/cabinet/appeals/file/", {"form_key": key}).status_code == 422


def test_what_nobody_can_read_is_said_and_kept(owner_client, path, kind):
    for text, said in [
        ("🔥🔥🔥", "Напишите словами"),
        ("а" * 50_000, "Получилось 50 000 знаков"),
        ("", "Напишите, что случилось"),
        ("\u202e\u200b", "Напишите, что случилось"),
    ]:
        page = text_of(owner_client.post(path, filled(kind, text=text)))
        assert said in page and text in page, said
    assert not Appeal.objects.exists()
    nul = {"a\0b": "c\0d", "form_key": "x\0", "kind": "\0"}
    assert owner_client.post(path, {**filled(kind, text="a\0\x07"), **nul}).status_code == 200
    owner_client.post(path, filled(kind, text="Газ\u202e не\u200b\0горит"))
    assert Appeal.objects.get().text == "Газ не горит"


def test_a_kind_that_was_removed_while_one_typed_loses_nothing(owner_client, path, kind):
    other = AppealKind.objects.create(name="Начисления")
    sent = filled(kind)
    kind.delete()
    page = text_of(owner_client.post(path, sent))
    assert "Такого вида обращений больше нет" in page and "Когда придёт мастер?" in page
    assert sent["form_key"] in page
    chosen = text_of(owner_client.post(path, {**sent, "kind": other.pk, "action": "kind"}))
    assert "Когда придёт мастер?" in chosen and "Такого вида" not in chosen
    owner_client.post(path, {**sent, "kind": other.pk})
    assert Appeal.objects.get().kind == other and not AppealDraft.objects.exists()


def test_a_required_file_is_asked_for(owner_client, path, kind):
    AppealKind.objects.update(files=AppealKind.Files.REQUIRED)
    page = text_of(owner_client.post(path, filled(kind)))
    assert "Приложите файл: Фото счётчика." in page and not Appeal.objects.exists()
    owner_client.post(path, filled(kind, files=[upload()]))
    assert Appeal.objects.get().files.count() == 1


def test_a_draft_is_saved_offered_and_deleted(
    owner_client, path, kind, link, account, stranger, django_capture_on_commit_callbacks
):
    sent = filled(kind, text="Недописа")
    draft_path = path.replace("/new/", "/draft/")
    assert owner_client.post(draft_path, {**sent, "text": ""}).headers["X-Draft"] == "none"
    assert owner_client.post(draft_path, sent).headers["X-Draft"] == "saved"
    key = sent["form_key"]
    owner_client.post("/cabinet/appeals/file/", {"form_key": key, "file": upload()})
    listed = text_of(owner_client.get(path.removesuffix("new/")))
    assert "неотправленное обращение" in listed and f"?draft={key}" in listed
    opened = text_of(owner_client.get(f"{path}?draft={key}"))
    assert "Недописа" in opened and key in opened and "akt.pdf" in opened
    assert "неотправленное обращение" not in opened
    other = logged_in(stranger, PSKOV_HOST)
    also = make_link(stranger, link.company, account)
    other_path = path.replace(str(link.pk), str(also.pk))
    assert "Недописа" not in text_of(other.get(f"{other_path}?draft={key}"))
    other.post(f"{draft_path}{key}/delete/")
    assert AppealDraft.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{draft_path}{key}/delete/")
    assert not AppealDraft.objects.exists() and not AppealFile.objects.exists()


def test_an_appeal_that_was_sent_gets_no_draft_again(owner_client, path, kind):
    sent = filled(kind)
    owner_client.post(path, sent)
    late = owner_client.post(path.replace("/new/", "/draft/"), sent)
    assert late.headers["X-Draft"] == "none" and not AppealDraft.objects.exists()


def test_drafts_are_few_and_not_for_ever(owner_client, path, kind):
    for _ in range(MOST + 2):
        owner_client.post(path.replace("/new/", "/draft/"), filled(kind))
    assert AppealDraft.objects.count() == MOST
    owner_client.post("/cabinet/appeals/file/", {"form_key": str(uuid4()), "file": upload()})
    unsent_forget()
    assert AppealDraft.objects.count() == MOST and AppealFile.objects.exists()
    old = timezone.now() - datetime.timedelta(days=15)
    AppealDraft.objects.update(changed_at=old)
    file = AppealFile.objects.get()
    moved = private_storage().path(file.file_name)
    AppealFile.objects.update(created_at=old)
    Path(private_storage().path(AppealFile.objects.get().file_name)).parent.mkdir(
        parents=True, exist_ok=True
    )
    Path(moved).rename(private_storage().path(AppealFile.objects.get().file_name))
    unsent_forget()
    assert not AppealDraft.objects.exists() and not AppealFile.objects.exists()


def test_a_lost_session_loses_nothing(owner, path, kind):
    client = Client(headers={"host": PSKOV_HOST})
    login = {"email": owner.email, "password": PASSWORD}
    client.post("/cabinet/login/", login)
    sent = filled(kind, text="Длинное письмо. " + "ж" * 4900)
    SubscriberSession.objects.update(expires_at=timezone.now())
    answer = client.post(path, sent)
    assert "/login/" in answer.headers["Location"] and not Appeal.objects.exists()
    page = text_of(client.post("/cabinet/login/", {**login, "next": path}, follow=True))
    assert "ж" * 4900 in page and sent["form_key"] in page and "Номер пломбы" in page


def test_limits_are_said_and_keep_what_was_typed(owner_client, path, kind, monkeypatch):
    monkeypatch.setattr(limits.APPEALS_OF_PERSON, "item", RateLimitItemPerDay(1))
    monkeypatch.setattr(limits.FILES_OF_PERSON, "item", RateLimitItemPerDay(1))
    owner_client.post(path, filled(kind, files=[upload()]))
    page = text_of(owner_client.post(path, filled(kind)))
    assert "много обращений" in page
    assert "Когда придёт мастер?" in page
    page = text_of(owner_client.post(path, filled(kind, files=[upload()])))
    assert "их пришло слишком много" in page
    assert Appeal.objects.count() == 1


def test_only_a_holder_writes_and_looking_changes_nothing(owner_client, stranger, path, kind):
    other = logged_in(stranger, PSKOV_HOST)
    draft_path = path.replace("/new/", "/draft/")
    assert other.get(path).status_code == other.post(path, filled(kind)).status_code == 404
    assert other.post(draft_path, filled(kind)).status_code == 404
    owner_client.get(f"{path}?kind={kind.pk}&text=spam&form_key={uuid4()}")
    assert owner_client.get(draft_path).status_code == 302
    assert owner_client.get(f"{draft_path}{uuid4()}/delete/").status_code == 302
    assert not AppealDraft.objects.exists() and not Appeal.objects.exists()
    owner_client.post(path, filled(kind))
    number = Appeal.objects.get().pk
    assert other.get(f"{path}sent/{number}/").status_code == 404
