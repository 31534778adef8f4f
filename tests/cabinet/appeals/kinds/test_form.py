"""The form of an appeal: it follows its kind, and says what is wrong without losing what was typed."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django_tenants.utils import schema_context
from hypothesis import given
from hypothesis import strategies as st

from cabinet.appeals.kinds.fields import NumberField
from cabinet.appeals.kinds.forms import TEXT_LENGTH, AppealForm, AppealTextField, typed_in
from cabinet.appeals.kinds.selectors import kind_offered, kinds_offered
from cabinet.appeals.models import AppealField, AppealKind, AppealQuestion
from portal.formats.text import without_invisible

TEXT = "Прошу поверить счётчик."


@pytest.fixture
def kind(pskov):
    with schema_context("pskov"):
        row = AppealKind(name="Проверка счётчика", hint="Поверка бесплатна.", order=1)
        row.questions = [
            AppealQuestion(text="Срок поверки", hint="Он есть в паспорте счётчика."),
            AppealQuestion(text="Другое"),
        ]
        row.fields = [
            AppealField(label="Дата визита", type="date"),
            AppealField(label="Показание", type="number", is_required=True),
            AppealField(label="Тип", type="choice", choices="СГБМ\n\nВК\nВК"),
            AppealField(label="Собака во дворе", type="tick"),
            AppealField(label="Как проехать", type="text"),
            AppealField(label="Код домофона", type="line"),
        ]
        row.save()
        yield row


def typed(kind, **changes):
    own = {field.label: f"field_{field.pk}" for field in kind.fields.all()}
    values = {
        "form_key": str(uuid4()),
        "question": str(kind.questions.first().pk),
        "text": TEXT,
        own["Показание"]: "1 234.5",
    }
    return {**values, **{own.get(name, name): value for name, value in changes.items()}}


def test_the_form_follows_its_kind(kind):
    given = {
        "Дата визита": "05.12.2026",
        "Тип": "ВК",
        "Собака во дворе": "on",
        "Как проехать": "От моста\r\n\r\n\r\nналево\u202e",
        "phone": "8 (8112) 59-50-50",
        "email": "Nina@Example.RU",
        "contact_name": "Чужой",
    }
    form = AppealForm(kind, typed(kind, **given), contact_name="Нина Егоровна К.")
    assert form.is_valid(), form.errors
    assert form.given["contact_name"] == "Нина Егоровна К."
    assert (form.given["question"], form.given["phone"]) == ("Срок поверки", "+78112595050")
    assert form.given["email"] == "nina@example.ru"
    assert form.answers() == [
        ["Дата визита", "5\u00a0декабря\u00a02026\u00a0г."],
        ["Показание", "1234,5"],
        ["Тип", "ВК"],
        ["Собака во дворе", "да"],
        ["Как проехать", "От моста\n\nналево"],
    ]
    page = render_to_string("cabinet/appeals/page/form_fields.html", {"form": form})
    assert page.index("Поверка бесплатна") < page.index("Вопрос не выбран")
    assert page.index("Контактное лицо") < page.index("Дата визита") < page.index("Напишите текст")
    assert "readonly" in page
    assert "Он есть в паспорте" in page
    assert page.count(">ВК<") == 1


def test_errors_say_what_to_do_and_keep_what_was_typed(kind):
    given = {"question": "", "Показание": "много", "Дата визита": "31.02.2026", "text": "🙏 !!!"}
    form = AppealForm(kind, typed(kind, **given))
    page = render_to_string("cabinet/appeals/page/form_fields.html", {"form": form})
    for said in (
        "Выберите вопрос.",
        "Укажите, как к вам обращаться.",
        "Введите число цифрами, например 1234,5.",
        "Укажите день, например 05.05.2026.",
        "Напишите словами",
    ):
        assert said in page
    assert 'value="31.02.2026"' in page
    assert "🙏 !!!" in page

    long = AppealForm(kind, typed(kind, text="д" * 50_000), contact_name="Нина")
    assert long.errors["text"] == [
        "Получилось 50\u202f000 знаков, а помещается 5\u202f000. Сократите на 45\u202f000 или "
        "приложите подробности файлом."
    ]
    assert "д" * 50_000 in str(long["text"])
    assert "maxlength" not in str(long["text"])


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (f"\u202e{TEXT}\u200b\x00", TEXT),
        ("а\u00a0б\r\n\n\n\nв", "а б\n\nв"),
        ("5" * 5000, "5" * 5000),
    ],
)
def test_what_nobody_sees_is_not_stored(kind, text, stored):
    form = AppealForm(kind, typed(kind, text=text), contact_name="Нина")
    assert form.is_valid(), form.errors
    assert form.given["text"] == stored


@given(st.text(max_size=6000))
def test_whatever_is_typed_is_stored_clean_or_refused_in_words(text):
    for field in (AppealTextField(), NumberField()):
        try:
            stored = field.clean(text)
        except ValidationError:
            continue
        assert field.clean(stored) == stored
        assert stored == without_invisible(stored)
        assert len(stored) <= TEXT_LENGTH
        assert "\x00" not in stored


@pytest.mark.parametrize(
    ("typed_day", "said"),
    [
        ("2026-12-05", ""),
        ("5.12.26", ""),
        ("0026-12-05", "Проверьте год"),
        ("завтра", "Укажите день"),
    ],
)
def test_a_day(kind, typed_day, said):
    form = AppealForm(kind, typed(kind, **{"Дата визита": typed_day}), contact_name="Нина")
    assert form.is_valid() == (not said)
    assert said in str(form.errors)


def test_a_kind_may_go_while_one_types(kind):
    data = typed(kind)
    kind.is_offered = False
    kind.save()
    for gone in (kind.pk, "x", "9" * 30, ""):
        assert kind_offered(gone) is None
    assert kind.pk not in [one.pk for one in kinds_offered()]

    gone = AppealForm(None, {**data, "kind": str(kind.pk)}, contact_name="Нина")
    assert "Выберите другой" in gone.non_field_errors()[0]
    assert TEXT in str(gone["text"])

    other = AppealForm(AppealKind(name="Другой"), contact_name="Нина", initial=typed_in(data))
    assert not other.is_bound
    assert TEXT in str(other["text"])
    assert data["form_key"] in str(other["form_key"])

    kind.questions.remove(kind.questions.first())
    kind.fields.first().delete()
    kind.save()
    late = AppealForm(AppealKind.objects.get(pk=kind.pk), data, contact_name="Нина")
    assert late.errors["question"] == ["Этого вопроса больше нет в списке. Выберите другой."]


def test_an_answer_needs_a_way_to_the_writer(kind):
    form = AppealForm(kind, typed(kind), contact_name="Нина", needs_contact=True)
    assert form.errors["email"] == ["Укажите адрес электронной почты или телефон для ответа."]
    form = AppealForm(kind, typed(kind, phone="12"), contact_name="Нина", needs_contact=True)
    assert list(form.errors) == ["phone"]
