"""What people type when they name an account, brought to the form in which it is compared."""

import itertools
import re

from portal.formats.text import clean_text, fold, number_key, printed

NUMBER_SIGNS = 40
_INITIALS = 3
_ENDING_AT_MOST = 3
_NAMES = 6
# What billing writes, and people too, where there is no such name; in the form in which it is compared.
_NOTHING = (
    "нет, нету, б/о, без отчества, отсутствует, не указано, не указан, н/д, none, null, n/a, 0"
)
_NO_NAME = frozenset(map(fold, ["", *_NOTHING.split(", ")]))


def account_number(text: str) -> str:
    """Return the number without «№» and odd spaces. Raises ValueError with the reason in Russian."""
    number = clean_text(text.replace("№", ""))
    if not number_key(number):
        raise ValueError("Укажите номер лицевого счёта — он напечатан в квитанции.")
    if len(number) > NUMBER_SIGNS:
        raise ValueError("Проверьте номер лицевого счёта по квитанции: он короче.")
    return number


def masked_account_number(number: str) -> str:
    """Return the end of an account's number, for papers that others see: half at most, and three signs.

    The whole number beside the holder's initials would open the pages for guests.
    """
    visible = min(_ENDING_AT_MOST, len(number) // 2)
    return f"…{number[len(number) - visible :]}"


def initials(text: str) -> str:
    """Return a person's initials, folded, from the letters alone or from whole names.

    One letter, two or three; more where names are double and a gap parts the letters. Raises ValueError
    with the reason in Russian.
    """
    words = _words(text)
    if words[2:] and words[-1] in _NO_NAME:
        words.pop()
    if not words:
        raise ValueError("Укажите первые буквы фамилии, имени и отчества, например АБВ.")
    are_names = len(words) > 1 and any(len(word) > 1 for word in words)
    letters = _firsts(words) if are_names else "".join(words)
    if not letters.isalpha() or len(letters) > (_NAMES if len(words) > 1 else _INITIALS):
        raise ValueError("Введите только инициалы — три буквы, например АБВ (без отчества — две).")
    return letters


def initials_of(last_name: str, first_name: str, patronymic: str) -> frozenset[str]:
    """Return the initials that are right for a person's names: Абрамов Борис Васильевич → АБВ.

    Several where a name has several words: Римский-Корсаков Николай Андреевич → РНА, РКНА. A name that is
    not there, such as «-» or «нет», has no letter.
    """
    fields = [_words(name) for name in (last_name, first_name, patronymic)]
    letters = ({_firsts(words[:1]), _firsts(words)} for words in fields)
    return frozenset(map("".join, itertools.product(*letters)))


def is_name(text: str) -> bool:
    """Tell a name from what billing writes where a person has none: «-», «нет»."""
    return bool(_words(text))


def full_name(last_name: str, first_name: str, patronymic: str) -> str:
    """Return «Ким Нина Егоровна», without what billing writes where there is no name."""
    return " ".join(filter(is_name, [last_name, first_name, patronymic]))


def masked_name(last_name: str, first_name: str, patronymic: str) -> str:
    """Return «Нина Егоровна К.»: the surname is a part of a proof."""
    return " ".join(filter(is_name, [first_name, patronymic, f"{last_name[:1]}."]))


def serial_number(text: str) -> str:
    """Return a meter's number without signs and leading zeros, look-alikes made equal."""
    return number_key(text)


def three_signs(text: str) -> str:
    """Return the end of a meter's number, or all of it. Raises ValueError in Russian."""
    typed = printed(text)
    if len(typed) < 3:
        raise ValueError("Укажите три последних знака номера: он на корпусе счётчика.")
    return typed


def _words(text: str) -> list[str]:
    """Return the words, folded; none for what stands where there is no name, such as «нет» or 0."""
    folded = fold(text)
    return [] if folded in _NO_NAME else re.findall(r"[^\W_]+", folded)


def _firsts(words: list[str]) -> str:
    return "".join(word[0] for word in words)
