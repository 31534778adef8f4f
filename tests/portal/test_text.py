"""Texts are cleaned before they are stored and folded before they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.text import clean_text, fold, number_key

PEOPLE = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюяЁЙabcehkmopxyІіҐґЎўЇї’ -\u00a0\u200b\u00ad")


@given(st.text() | PEOPLE)
def test_folding_and_cleaning_twice_is_once(text):
    assert fold(fold(text)) == fold(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert number_key(number_key(text)) == number_key(text)
    assert fold(clean_text(text)) == fold(text)


@given(PEOPLE)
def test_case_is_no_difference(text):
    assert fold(text.upper()) == fold(text) == fold(text.lower())


@given(PEOPLE, st.data())
def test_what_nobody_sees_is_no_difference(text, data):
    place = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.sampled_from("\u200b\u200e\u202e\u2066\ufe0f\ufeff\u00ad\u2060"))
    assert fold(text[:place] + sign + text[place:]) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Кошелева", "\u00a0Кошелева"),
        ("Кошелева", "Koшeлeвa"),  # Latin K, o, e, e, a
        ("Кошелева", "КОШЕЛЁВА "),
        ("Комаров", "Komapов"),
        ("Римский-Корсаков", "Римский – Корсаков"),
        ("Римский-Корсаков", "Римский\u2011Корсаков"),
        ("Зайцев", "Заи\u0306цев"),
        ("О’Нил", "О'Нил"),
        ("Іваненко", "Iваненко"),  # Ukrainian and Latin
        ("Ґалаган", "Галаган"),
        ("Ўладзіміраў", "Уладзимирау"),
    ],
)
def test_one_name_in_two_forms(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Зайцев", "Заицев"), ("Иванов", "Иванова"), ("Павлов", "Бавлов"), ("Шапкин", "Щапкин")],
)
def test_another_name_stays_another(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    "typed",
    [
        "Ж-00/12a",
        "ж 00 12 А",
        " Ж00‑12А",
        "№ Ж-00-12a",
        "Ж\u200b0012А",
        "Ж\u00a000—12а",
        "00Ж0012А",
    ],
)
def test_a_number_is_one_however_it_is_typed(typed):
    assert number_key(typed) == "Ж0012А"
