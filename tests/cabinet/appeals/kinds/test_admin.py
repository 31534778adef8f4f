"""Kinds and canned answers as a company's administrator sets them up."""

import pytest

from cabinet.appeals.kinds.selectors import kinds_offered
from cabinet.appeals.models import AppealField, AppealKind, AppealQuestion, CannedAnswer
from portal.audit.models import AuditEntry
from portal.staff.roles import OPERATORS
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, staff_client, text_of

ADDRESS = "/admin/appeals/appealkind/"


def rows(prefix, children, kept=()):
    """The fields of a formset; `kept`: rows that are stored."""
    posted = {
        f"{prefix}-TOTAL_FORMS": len(children),
        f"{prefix}-INITIAL_FORMS": len(kept),
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 50,
    }
    for number, child in enumerate(children):
        posted |= {f"{prefix}-{number}-{name}": value for name, value in child.items()}
        posted[f"{prefix}-{number}-ORDER"] = number + 1
        posted[f"{prefix}-{number}-id"] = kept[number].pk if number < len(kept) else ""
    return posted


def form(questions=(), fields=(), kept=((), ()), **changes):
    return {
        "name": "Вызов мастера",
        "hint": "Мастер позвонит накануне.",
        "is_offered": "on",
        "order": "5",
        "centre": "",
        "term": "3",
        "term_unit": "working_days",
        "files": "required",
        "files_hint": "Снимок счётчика.",
        **rows("questions", questions, kept[0]),
        **rows("fields", fields, kept[1]),
        **changes,
    }


QUESTIONS = ({"text": "Ремонт", "hint": "Что сломалось?"}, {"text": "Осмотр"})
FIELDS = (
    {"label": "Этаж", "type": "number", "is_required": "on"},
    {"label": "Подъезд", "type": "choice", "choices": "первый\nвторой"},
)


@pytest.fixture
def boss(company_administrator):
    return staff_client(company_administrator)


def test_a_kind_from_its_preview_to_the_subscribers_list(boss):
    shown = text_of(boss.post(f"{ADDRESS}preview/", form(QUESTIONS, FIELDS)))
    for said in (
        "Вызов мастера",
        "трёх рабочих дней",
        "Осмотр",
        "Этаж",
        "второй",
        "Прикрепите файл",
    ):
        assert said in shown
    assert not AppealKind.objects.filter(name="Вызов мастера").exists()

    assert boss.post(f"{ADDRESS}create/", form(QUESTIONS, FIELDS)).status_code == 302
    kind = AppealKind.objects.get(name="Вызов мастера")
    assert kinds_offered()[0] == kind
    assert [one.text for one in kind.questions.all()] == ["Ремонт", "Осмотр"]
    listed = boss.get(ADDRESS)
    assert "Вызов мастера" in text_of(listed) and "трёх рабочих дней" in text_of(listed)
    assert "admin/img/" not in listed.content.decode(), "files of an app that is not installed"
    assert "Этаж" in text_of(boss.get(f"{ADDRESS}preview/{kind.pk}/"))

    # Another order, a question less, another name: shown before it is stored.
    kept = (tuple(kind.questions.all()), tuple(kind.fields.all()))
    fields = ({**FIELDS[0], "ORDER": 2}, {**FIELDS[1], "label": "Вход"})
    gone = form(
        ({**QUESTIONS[0], "DELETE": "on"}, {**QUESTIONS[1], "DELETE": "on"}),
        fields,
        kept,
        **{"fields-0-ORDER": 2, "fields-1-ORDER": 1, "files": "none"},
    )
    shown = text_of(boss.post(f"{ADDRESS}preview/{kind.pk}/unsaved/", gone))
    assert "Вопрос не выбран" not in shown and "Прикре" not in shown
    assert shown.index("Вход") < shown.index("Этаж")
    assert AppealField.objects.filter(kind=kind, label="Подъезд").exists()
    assert boss.post(f"{ADDRESS}edit/{kind.pk}/", gone).status_code == 302
    assert not AppealQuestion.objects.filter(kind=kind).exists()
    assert [one.label for one in AppealField.objects.filter(kind=kind)] == ["Вход", "Этаж"]
    assert {one.pk for one in AppealField.objects.filter(kind=kind)} == {one.pk for one in kept[1]}
    log = AuditEntry.objects.filter(subject__contains="Вызов мастера")
    assert {one.action for one in log} == {"wagtail.create", "wagtail.edit"}


@pytest.mark.parametrize(
    ("questions", "fields", "said"),
    [
        ((QUESTIONS[0], {"text": "ремонт "}), (), "Такой вопрос уже есть в списке."),
        ((QUESTIONS[0],), (), "Из одного вопроса не выбирают."),
        ((), (FIELDS[0], {"label": "ЭТАЖ", "type": "line"}), "Поле с таким названием уже есть."),
        ((), ({"label": "Телефон", "type": "line"},), "Такое поле есть в каждой форме."),
        ((), ({"label": "Вход", "type": "choice", "choices": "один\n"},), "хотя бы два"),
    ],
)
def test_a_form_that_nobody_could_fill_in_is_refused(boss, questions, fields, said):
    answer = boss.post(f"{ADDRESS}create/", form(questions, fields))
    assert answer.status_code == 200
    assert said in text_of(answer)
    shown = text_of(boss.post(f"{ADDRESS}preview/", form(questions, fields)))
    assert "Показать форму пока нельзя" in shown and said in shown
    assert not AppealKind.objects.filter(name="Вызов мастера").exists()


def test_canned_answers(boss):
    kind = kinds_offered()[0]
    answer = {"title": "Ждите мастера", "kind": kind.pk, "text": "Мастер придёт завтра. " * 10}
    assert boss.post("/admin/appeals/cannedanswer/create/", answer).status_code == 302
    listed = text_of(boss.get("/admin/appeals/cannedanswer/"))
    assert "Ждите мастера" in listed and f"{kind}" in listed and "…" in listed
    # A kind that goes takes the company's texts nowhere.
    assert boss.post(f"{ADDRESS}delete/{kind.pk}/").status_code == 302
    assert CannedAnswer.objects.get(title="Ждите мастера").kind is None
    assert "для всех" in text_of(boss.get("/admin/appeals/cannedanswer/"))


def test_others_set_up_nothing(editor):
    kind = AppealKind.objects.first()
    operator = staff_create(username="operator", password=PASSWORD, groups=[OPERATORS])
    for client in (staff_client(editor), staff_client(operator)):
        for path in ("", "create/", f"edit/{kind.pk}/", f"preview/{kind.pk}/"):
            assert client.get(f"{ADDRESS}{path}").status_code == 302, path
        assert client.post(f"{ADDRESS}preview/", form()).status_code == 302
        assert client.get("/admin/appeals/cannedanswer/").status_code == 302
