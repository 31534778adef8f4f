"""A person's appeals: in the copy of their data, and without their words after they are gone."""

import uuid

import pytest

from cabinet.appeals.lifecycle import by_subscriber as subscriber
from cabinet.appeals.lifecycle.by_staff import appeal_note
from cabinet.appeals.models import Appeal, AppealDraft, AppealFile
from cabinet.subscribers.personal_data.parts import PARTS, account_unlinked, parts, what_stays
from portal.uploads.services import private_storage, upload_read
from tests.support.appeals import answered, make_file, make_operator, opened

WRITTEN = "Мой муж Иван Осипов болен, прошу перенести поверку на весну."


@pytest.fixture
def anna(pskov):
    return make_operator()


@pytest.fixture
def appeal(owner, account, link, anna) -> Appeal:
    key = uuid.uuid4()
    make_file(None, form_key=key, subscriber_id=owner.pk, name="spravka.txt")
    fields = {
        "context": "Счётчик № 6852",
        "answers": [["Паспорт", "5803 123456, выдан УВД Пскова"]],
    }
    appeal = opened(owner, account, text=f"Здравствуйте!\n{WRITTEN}", form_key=key, **fields)
    mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk}
    subscriber.appeal_ask(**mine, text="Когда ответите?", form_key=uuid.uuid4())
    reply = f"Здравствуйте!\n> {WRITTEN}\nО. Е. Г., перенесли. Позвоним: +79111234567."
    make_file(None, form_key=(file := uuid.uuid4()), by_staff="anna", name="akt.txt")
    answered(appeal, anna, reply, form_key=file)
    appeal_note(appeal_pk=appeal.pk, actor=anna, text="Муж болен", form_key=uuid.uuid4())
    subscriber.appeal_rate(**mine, is_solved=True, mark=5, comment="Спасибо от Осиповых")
    return Appeal.objects.get(pk=appeal.pk)


def test_the_copy(appeal, owner, stranger, link):
    (row,) = PARTS["appeals"].export(owner.pk)
    assert (row["number"], row["account_number"]) == (str(appeal.pk), "805107")
    assert row["state"] == "Выполнено" and WRITTEN in row["text"] and "5803" in row["answers"]
    asked, said = PARTS["appeal_messages"].export(owner.pk)
    assert (asked["author"], said["author"]) == ("вы", "компания")
    (file,) = PARTS["appeal_files"].export(owner.pk)
    ((name, content),) = PARTS["appeal_files"].export_files(owner.pk)
    assert name == file["file"] and content == "Акт".encode()
    for code in ("appeals", "appeal_messages", "appeal_files", "appeal_drafts"):
        assert PARTS[code].export(stranger.pk) == []


def test_what_was_written_goes_and_what_was_answered_stays(
    appeal, owner, stranger, account, link, django_capture_on_commit_callbacks
):
    still_open = opened(owner, account)
    others = opened(stranger, account)
    AppealDraft.objects.create(form_key=uuid.uuid4(), subscriber_id=owner.pk, account=account)
    mine = AppealFile.objects.get(subscriber_id=owner.pk)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            for part in parts(in_public=False):
                part.delete(owner.pk)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.mark, appeal.subscriber_id) == ("done", 5, None)
    assert [appeal.text, appeal.contact_name, appeal.email, appeal.phone] == [""] * 4
    assert [appeal.context, appeal.mark_comment, appeal.answers] == ["", "", []]
    texts = dict(appeal.messages.values_list("author", "text"))
    assert texts == {
        "subscriber": "",
        "staff": "Здравствуйте!\n> …\n…, перенесли. Позвоним: ….",
        "note": "Муж болен",
    }
    still_open.refresh_from_db()
    assert (still_open.state, still_open.text, still_open.has_news) == ("withdrawn", "", False)
    others.refresh_from_db()
    assert others.text and others.subscriber_id == stranger.pk
    assert not AppealDraft.objects.exists()
    assert not private_storage().exists(mine.file_name)
    assert upload_read(AppealFile.objects.get()) and AppealFile.objects.get().by_staff == "anna"
    assert any("ответы компании останутся" in said for said in what_stays())


def test_an_account_that_is_given_up_takes_the_drafts_alone(appeal, owner, account, link):
    AppealDraft.objects.create(form_key=uuid.uuid4(), subscriber_id=owner.pk, account=account)
    account_unlinked(link)
    appeal.refresh_from_db()
    assert appeal.subscriber_id == owner.pk and not AppealDraft.objects.exists()
