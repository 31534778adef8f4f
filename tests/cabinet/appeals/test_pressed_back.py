"""Forms that come twice, from a page that «Back» has brought up again: nothing said is lost or doubled."""

import datetime
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cabinet.appeals.lifecycle.closing import appeals_close
from cabinet.appeals.models import Appeal, AppealFile
from portal.audit.models import AuditEntry
from tests.support.appeals import answered, make_message, make_operator, opened
from tests.support.factories import staff_client, text_of


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def appeal(owner, account) -> Appeal:
    return opened(owner, account)


@pytest.fixture
def anna(pskov):
    return make_operator()


def hidden_of(response) -> dict[str, str]:
    page = response.content.decode()
    names = ("form_key", "seen")
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in names}


def test_another_text_by_the_same_form_is_another_message(owner_client, appeal):
    path, sent = f"/cabinet/appeals/{appeal.pk}/", {"form_key": str(uuid4()), "text": "Раз"}
    owner_client.post(path, sent)
    act = SimpleUploadedFile("акт.txt", b"a")
    for _ in range(2):
        owner_client.post(path, sent)
        owner_client.post(path, {**sent, "text": "Два", "files": act})
    assert list(appeal.messages.order_by("pk").values_list("text", flat=True)) == ["Раз", "Два"]
    assert {file.message.text for file in AppealFile.objects.exclude(message=None)} == {"Два"}


def test_an_answer_by_the_same_form_is_not_swallowed(anna, appeal):
    desk, path = staff_client(anna), f"/admin/appeals/{appeal.pk}/"
    page = desk.post(f"{path}take/", follow=True)
    sent = {"text": "Раз", "outcome": "answered", "send": "yes", **hidden_of(page)}
    for _ in range(2):
        assert desk.post(f"{path}answer/", sent).status_code == 302
    again = desk.post(f"{path}answer/", {**sent, "text": "Два"})
    assert again.status_code == 409 and "Два" in text_of(again)
    for _ in range(2):
        desk.post(f"{path}answer/", {**sent, "text": "Два", **hidden_of(again)})
    assert list(appeal.messages.order_by("pk").values_list("text", flat=True)) == ["Раз", "Два"]


def test_a_second_question_back_gives_the_whole_time_to_answer(anna, appeal):
    answered(appeal, anna, outcome="waiting")
    Appeal.objects.update(state_since=timezone.now() - datetime.timedelta(days=365))
    answered(appeal, anna, "И какой номер?", outcome="waiting")
    assert appeals_close() == 0
    appeal.refresh_from_db()
    assert timezone.now() - appeal.state_since < datetime.timedelta(hours=1)


def test_the_same_mark_again_is_no_news_and_another_answer_is_asked_about(
    owner_client, anna, appeal
):
    answered(appeal, anna)
    for _ in range(3):
        owner_client.post(f"/cabinet/appeals/{appeal.pk}/rate/", {"is_solved": "yes", "mark": "5"})
    assert AuditEntry.objects.filter(action="appeal.rate").count() == 1
    assert "Вопрос решён?" not in text_of(owner_client.get(f"/cabinet/appeals/{appeal.pk}/"))
    answered(appeal, anna, "И вот ещё что.")
    assert "Вопрос решён?" in text_of(owner_client.get(f"/cabinet/appeals/{appeal.pk}/"))


def test_the_longest_names_of_files_and_operators(owner_client, anna, appeal):
    file = SimpleUploadedFile("a" * 250 + ".txt", b"abc")
    form = {"form_key": str(uuid4()), "text": "Акт", "files": file}
    assert owner_client.post(f"/cabinet/appeals/{appeal.pk}/", form).status_code == 302
    anna.first_name, anna.last_name = "А" * 150, "Б" * 150
    anna.save()
    desk, path = staff_client(anna), f"/admin/appeals/{appeal.pk}/"
    page = desk.post(f"{path}take/", follow=True)
    sent = {"text": "Раз", "outcome": "answered", "send": "yes", "attached": file}
    file.seek(0)
    assert desk.post(f"{path}answer/", {**sent, **hidden_of(page)}).status_code == 302
    assert AppealFile.objects.exclude(message=None).count() == 2


def test_a_long_conversation_costs_as_many_queries_as_a_short_one(
    owner_client, anna, appeal, django_assert_max_num_queries
):
    desk = staff_client(anna)
    desk.post(f"/admin/appeals/{appeal.pk}/take/")
    pages = [
        (desk, f"/admin/appeals/{appeal.pk}/"),
        (owner_client, f"/cabinet/appeals/{appeal.pk}/"),
    ]

    def queries() -> list[int]:
        counts = []
        for client, path in pages:
            with django_assert_max_num_queries(60) as captured:
                assert client.get(path).status_code == 200
            counts.append(len(captured))
        return counts

    queries()
    before = queries()
    for number in range(40):
        make_message(appeal, f"Слово {number}", "staff" if number % 2 else "subscriber")
    assert queries() == before
