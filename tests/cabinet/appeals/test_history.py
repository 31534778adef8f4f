"""«История обращений» (manual 1, 2.2.6.2, figures 33 and 36): what its writer sees, and nobody else."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cabinet.appeals.models import Appeal, AppealMessage
from cabinet.subscribers.models import SubscriberSession
from tests.cabinet.subscribers.registering import browser
from tests.support.appeals import make_appeal, make_file, make_message
from tests.support.delegates import make_delegate
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_link,
    text_of,
)


def listed(link) -> str:
    return f"/cabinet/{link.pk}/service-centre/appeals/"


def one(appeal: Appeal) -> str:
    return f"/cabinet/appeals/{appeal.pk}/"


def test_the_history_and_the_answer(owner, owner_client, link, account):
    done = make_appeal(owner, account, state="done", closed_at=timezone.now())
    asked = make_appeal(
        owner, account, text="Добрый день! Что с этим делать?", state="answered", is_unread=True
    )
    answer = make_message(asked, "Приходите с паспортом.")
    note = make_message(asked, "Звонил трижды", AppealMessage.Author.NOTE)
    make_file(asked, name="фото счётчика.txt", subscriber_id=owner.pk)
    make_file(asked, answer, name="ответ.txt", by_staff="Иванова")
    internal = make_file(asked, answer, name="internal-a.txt", is_internal=True)
    of_note = make_file(asked, note, name="internal-b.txt")

    page = text_of(owner_client.get(listed(link)))
    assert f"Обращение № {done.pk}" in page and "Выполнено" in page
    assert "Ответ дан в личном кабинете" in page
    assert page.count("appeals__unread") == page.count("есть новое") == 1

    page = text_of(owner_client.get(one(asked)))
    for words in ("Что с этим делать?", "Приходите с паспортом.", "фото счётчика.txt", "ответ.txt"):
        assert words in page
    assert "Звонил трижды" not in page and "internal-" not in page and "Иванова" not in page
    for file in asked.files.all():
        answer = owner_client.get(f"{one(asked)}files/{file.pk}/")
        if file in (internal, of_note):
            assert answer.status_code == 404
        else:
            assert b"".join(answer.streaming_content).decode() == "Акт"
            assert answer["Content-Disposition"].startswith("attachment")
        assert owner_client.get(f"{one(done)}files/{file.pk}/").status_code == 404


def test_a_list_costs_the_same_whatever_its_length(
    owner, owner_client, link, account, django_assert_max_num_queries
):
    def queries(path: str) -> int:
        with django_assert_max_num_queries(60) as captured:
            assert owner_client.get(path).status_code == 200
        return len(captured)

    make_appeal(owner, account)
    owner_client.get(listed(link))
    before = queries(listed(link)), queries("/cabinet/appeals/")
    for number in range(25):
        make_appeal(owner, account, text=f"Вопрос {number}", is_unread=True)
    assert (queries(listed(link)), queries("/cabinet/appeals/")) == before
    assert "Страница 1 из 2" in text_of(owner_client.get(listed(link)))


def test_nobody_else_reads_it(owner, stranger, link, account, pskov, novgorod):
    """Another holder of the account, a delegate, a stranger; and nobody on another company's host."""
    appeal = make_appeal(owner, account, text="Моя тайна")
    file = make_file(appeal, subscriber_id=owner.pk)
    paths = [one(appeal), f"{one(appeal)}files/{file.pk}/"]
    other = logged_in(stranger, PSKOV_HOST)
    for path in paths:
        assert other.get(path).status_code == 404
        assert logged_in(owner, NOVGOROD_HOST).get(path).status_code == 404
    own = make_delegate(link, stranger)
    assert other.get(listed(own)).status_code == 404
    own.delete()
    held = make_link(stranger, pskov, account)
    assert "Моя тайна" not in text_of(other.get(listed(held)))
    for path in paths:
        assert other.get(path).status_code == 404


def test_unlinking_hides_nothing_that_i_wrote(owner, owner_client, link, account):
    """Also of the last account: the account menu leads there."""
    appeal = make_appeal(owner, account, text="Мой вопрос")
    link.delete()
    page = text_of(owner_client.get("/cabinet/appeals/"))
    assert "Мой вопрос" in page and "Лицевой счёт № 805107" in page
    assert 'href="/cabinet/appeals/"' in text_of(owner_client.get("/cabinet/accounts/"))
    page = text_of(owner_client.get(one(appeal)))
    assert "Мой вопрос" in page and "Мои обращения" in page


@pytest.mark.parametrize(
    ("day", "fields", "said"),
    [
        ("2026-12-05T18:00", {"state": "new"}, "Ответим до 5 декабря 2026 г. включительно."),
        (
            "2026-12-05T14:30",
            {"state": "in_work", "term_unit": "hours"},
            "Ответим до 5 декабря 2026 г., 14:30.",
        ),
        (
            "2026-11-20T18:00",
            {"state": "new"},
            "Мы должны были ответить до 20 ноября 2026 г. включительно и не успели.",
        ),
        (None, {"state": "waiting", "time_left": 3600}, "без ответа мы закроем обращение."),
    ],
)
def test_until_when(owner, owner_client, link, account, clock, day, fields, said):
    clock.at("2026-11-29T12:00")
    due_at = datetime.datetime.fromisoformat(f"{day}+03:00") if day else None
    appeal = make_appeal(owner, account, due_at=due_at, **fields)
    assert said in text_of(logged_in(owner, PSKOV_HOST).get(one(appeal)))
    assert said in text_of(logged_in(owner, PSKOV_HOST).get(listed(link)))


def ask(client, appeal: Appeal, text: str, **fields):
    return client.post(
        one(appeal), {"form_key": str(uuid.uuid4()), "text": text, **fields}, follow=True
    )


def test_a_further_question_with_files(owner, owner_client, link, account):
    appeal = make_appeal(owner, account, state="answered", answered_at=timezone.now())
    key = str(uuid.uuid4())
    scan = SimpleUploadedFile("скан.txt", "Акт".encode())
    bad = SimpleUploadedFile("вирус.exe", b"MZ")
    page = text_of(ask(owner_client, appeal, " ", form_key=key, files=[scan, bad]))
    assert "Напишите, о чём хотите спросить." in page and "«вирус.exe» не приложен." in page
    assert "Убрать" in page and "скан.txt" in page
    assert not appeal.messages.exists()

    page = text_of(ask(owner_client, appeal, "И вот ещё что", form_key=key))
    assert "Мы получили ваше сообщение" in page and "скан.txt" in page
    ask(owner_client, appeal, "И вот ещё что", form_key=key)
    message = appeal.messages.get()
    assert (message.text, message.author) == ("И вот ещё что", "subscriber")
    assert [one.name for one in message.files.all()] == ["скан.txt"]
    appeal.refresh_from_db()
    assert appeal.state == "new" and appeal.due_at and appeal.has_news


def test_solved_or_not(owner, owner_client, link, account):
    appeal = make_appeal(owner, account, state="answered", answered_at=timezone.now())
    rate = f"{one(appeal)}rate/"
    page = text_of(owner_client.post(rate, {}))
    assert "Отметьте, решён ли вопрос." in page
    page = text_of(owner_client.post(rate, {"is_solved": "no", "mark": "2"}))
    assert "Напишите, что осталось нерешённым." in page
    given = {"is_solved": "no", "mark": "2", "comment": "Газа всё ещё нет"}
    page = text_of(owner_client.post(rate, given, follow=True))
    assert "Мы снова взялись" in page and "Газа всё ещё нет" in page
    page = text_of(owner_client.post(rate, {"is_solved": "yes", "mark": "5"}, follow=True))
    assert "Оценить обращение можно, когда мы на него ответим." in page
    Appeal.objects.filter(pk=appeal.pk).update(state="answered", is_solved=None)
    page = text_of(owner_client.post(rate, {"is_solved": "yes", "mark": "5"}, follow=True))
    assert "Вопрос решён, оценка 5 из 5." in page and "Выполнено" in page
    assert owner_client.get(rate).status_code == 302


def test_an_appeal_is_withdrawn(owner, owner_client, link, account):
    appeal = make_appeal(owner, account)
    withdraw = f"{one(appeal)}withdraw/"
    assert owner_client.get(withdraw).status_code == 302
    appeal.refresh_from_db()
    assert appeal.state == "new"
    page = text_of(owner_client.post(withdraw, follow=True))
    assert "Вы отозвали обращение" in page and "Отозвано" in page
    page = text_of(ask(owner_client, appeal, "Передумал"))
    assert "Это обращение отозвано." in page and "Передумал" in page
    answered = make_appeal(owner, account, state="answered")
    page = text_of(owner_client.post(f"{one(answered)}withdraw/", follow=True))
    assert "Мы уже ответили" in page


def test_who_has_looked_has_read(owner, owner_client, link, account):
    appeal = make_appeal(owner, account, state="answered", is_unread=True)
    for response in (
        owner_client.head(one(appeal)),
        owner_client.get(one(appeal), headers={"Sec-Purpose": "prefetch"}),
    ):
        assert response.status_code == 200
        appeal.refresh_from_db()
        assert appeal.is_unread
    owner_client.get(one(appeal))
    appeal.refresh_from_db()
    assert not appeal.is_unread


def test_nobody_else_changes_it(owner, stranger, link, account, pskov):
    appeal = make_appeal(owner, account, state="answered", is_unread=True)
    make_link(stranger, pskov, account)
    other = logged_in(stranger, PSKOV_HOST)
    for path in ("", "rate/", "withdraw/"):
        answer = other.post(f"{one(appeal)}{path}", {"is_solved": "yes", "text": "Привет"})
        assert answer.status_code == 404
    other.get(one(appeal))
    appeal.refresh_from_db()
    assert appeal.is_unread and appeal.state == "answered" and not appeal.messages.exists()


def test_a_session_that_ends_loses_nothing(owner, link, account):
    appeal = make_appeal(owner, account, state="answered")
    client = browser()
    entry = {"email": owner.email, "password": PASSWORD}
    client.post("/cabinet/login/", entry)
    SubscriberSession.objects.update(expires_at=timezone.now())
    key = str(uuid.uuid4())
    ask(client, appeal, "Долго писал это", form_key=key)
    entry["next"] = one(appeal)
    page = text_of(client.post("/cabinet/login/", entry, follow=True))
    assert "Долго писал это</textarea>" in page and f'value="{key}"' in page
    assert not appeal.messages.exists()
