"""However people type it, one form; whatever is wrong, words of its own."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, format_number, parse

from cabinet.subscribers.contacts import Contact, email_normal
from portal.formats.phones import phone_normal

NUMBER = "+79111234567"


@pytest.mark.parametrize(
    "typed",
    [
        "8 (911) 123-45-67",
        "+7911 123 45 67",
        "+7 (911) 123‑45‑67",
        "9111234567",
        "7 911 1234567",
        "+8 911 123 45 67",
        " 8\u00a0911.123.45.67 ",
        "８９１１１２３４５６７",
        "tel:+79111234567",
    ],
)
def test_a_telephone_typed_in_any_way_is_one_number(typed):
    assert phone_normal(typed) == NUMBER


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("+7 911 123 45 6", "+7 и десять цифр"),
        ("8911123456", "+7 и десять цифр"),
        ("+7 911 123 45 678", "+7 и десять цифр"),
        ("12345", "+7 и десять цифр"),
        ("+375 29 123 45 67", "только на российские номера"),
        ("8 10 375 29 123 45 67", "только на российские номера"),
        ("+7 701 123 45 67", "только на российские номера"),
        ("+1 202 555 0123", "только на российские номера"),
        ("8 (8112) 59-50-50", "Введите мобильный номер"),
        ("8 800 100 21 86", "Введите мобильный номер"),
        ("+7 000 123 45 67", "не бывает"),
        ("8 911 123 45 67 доб. 5", "только цифры"),
        ("мой номер", "только цифры"),
    ],
)
def test_what_is_wrong_with_a_telephone(typed, message):
    with pytest.raises(ValidationError, match=re.escape(message)):
        phone_normal(typed)


@given(
    st.integers(min_value=0, max_value=9_999_999), st.sampled_from(["+7", "8", "7", ""]), st.data()
)
def test_dashes_and_spaces_mean_nothing(number, prefix, data):
    digits = f"911{number:07d}"
    noise = st.sampled_from(["", " ", "-", "\u00a0", "–", "(", ")", "."])
    typed = prefix + "".join(digit + data.draw(noise) for digit in digits)
    assert phone_normal(typed) == f"+7{digits}"


@given(st.text(max_size=30))
def test_nothing_typed_breaks_a_telephone(typed):
    try:
        normal = phone_normal(typed)
    except ValidationError:
        return
    assert re.fullmatch(r"\+7\d{10}", normal)
    assert phone_normal(normal) == normal


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        (" Nina@Mail.RU ", "nina@mail.ru"),
        ("nina @ mail.ru", "nina@mail.ru"),
        ("mailto:nina@mail.ru", "nina@mail.ru"),
        ("ni\u200bna@mail.ru", "nina@mail.ru"),
        ("почта@пример.рф", "почта@пример.рф"),
        ("Почта@XN--E1AFMKFD.xn--p1ai", "почта@пример.рф"),
        ("info@пример.рф", "info@пример.рф"),
    ],
)
def test_an_address_typed_in_any_way_is_one_address(typed, normal):
    assert email_normal(typed) == normal


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("ninа@mail.ru", "русские буквы: «а»"),
        ("nina@mаil.ru", "русские буквы: «а»"),
        ("сор@mail.ru", "русские буквы"),
        ("nina@сосо.ru", "русские буквы"),
        ("nina", "не хватает знака @"),
        ("nina@mail", "После @"),
        ("nina@mail,ru", "После @"),
        ("nina@", "После @"),
        ("nina ivanova@mail.ru", "до знака @"),
        ("nina..i@mail.ru", "до знака @"),
        ("n" * 65 + "@mail.ru", "до знака @"),
        ("a@" + ".".join(["b" * 60] * 5) + ".ru", "После @"),
    ],
)
def test_what_is_wrong_with_an_address(typed, message):
    with pytest.raises(ValidationError, match=re.escape(message)):
        email_normal(typed)


@given(
    st.one_of(
        st.emails(), st.text(max_size=40), st.builds("{}@пример.рф".format, st.text(max_size=9))
    )
)
def test_nothing_typed_breaks_an_address(typed):
    try:
        normal = email_normal(typed)
    except ValidationError:
        return
    assert email_normal(normal) == normal
    assert len(normal) <= 254


def test_counters_do_not_hold_the_address():
    assert "nina" not in Contact("email", "nina@mail.ru").key
    assert str(Contact("phone", NUMBER)) == "+7 911 123-45-67"
    # Mobile numbers are written without the library, as it would.
    for code in range(900, 1000):
        number = f"+7{code}1234567"
        shown = format_number(parse(number), PhoneNumberFormat.INTERNATIONAL)
        assert str(Contact("phone", number)) == shown
