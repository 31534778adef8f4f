"""What people type when they name an account, brought to the form in which it is compared."""

import re

_LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYЁ", "АВСЕНКМОРТХУЕ")
_SEPARATORS = re.compile(r"[\s.\-–—_/,]+")


def account_number(text: str) -> str:
    """Return the digits without spaces, dashes and «№». Raises ValueError with the reason in Russian."""
    number = _SEPARATORS.sub("", text.strip().lstrip("№").strip())
    if not number:
        raise ValueError("Укажите номер лицевого счёта — он напечатан в квитанции.")
    if not re.fullmatch(r"[0-9]+", number):
        raise ValueError("В номере лицевого счёта только цифры. Проверьте номер по квитанции.")
    if len(number) > 20:
        raise ValueError("Номер слишком длинный: в лицевом счёте не больше 20 цифр.")
    return number


def initials(text: str) -> str:
    """Return two or three Cyrillic capitals, Ё as Е, from lower case and Latin look-alikes too.

    Two, where the person has no patronymic. Raises ValueError with the reason in Russian.
    """
    letters = _SEPARATORS.sub("", text).upper().translate(_LOOK_ALIKES)
    if not letters:
        raise ValueError("Укажите первые буквы фамилии, имени и отчества, например АБВ.")
    if not re.fullmatch(r"[А-Я]+", letters):
        raise ValueError("Нужны только русские буквы: первые буквы фамилии, имени и отчества.")
    if len(letters) not in (2, 3):
        raise ValueError("Нужны только первые буквы: три, а без отчества — две. Например, АБВ.")
    return letters


def initials_of(last_name: str, first_name: str, patronymic: str) -> str:
    """Return the same form of a person's names: Абрамов Борис Васильевич → АБВ."""
    firsts = "".join(name.strip()[:1] for name in (last_name, first_name, patronymic))
    return firsts.upper().translate(_LOOK_ALIKES)


def serial_number(text: str) -> str:
    """Return a meter's number without signs and leading zeros, look-alikes made equal."""
    return printed_number(text).lstrip("0")


def three_signs(text: str) -> str:
    """Return the end of a meter's number, or all of it. Raises ValueError in Russian."""
    typed = printed_number(text)
    if len(typed) < 3:
        raise ValueError("Укажите три последних знака номера: он на корпусе счётчика.")
    return typed


def printed_number(text: str) -> str:
    """Return a meter's number without signs, look-alikes made equal."""
    return re.sub(r"[\W_]+", "", text).upper().translate(_LOOK_ALIKES)
