"""An e-mail address as people type it, in one form: lower case, an international domain in letters.

The form is what is stored and compared; senders write the domain in ASCII where the network needs it.
"""

import re
import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 254  # characters with the domain in ASCII (RFC 5321)
LONGEST_NAME = 64  # bytes before the @ (RFC 5321)
# Cyrillic letters that look like Latin ones: with them alone a part of an address looks Latin.
LOOKALIKES = set("асеорхукмтвнігѕјԁԛԝһ")
_NAME = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def email_normal(typed: str) -> str:
    """The address in the form in which it is compared. Raises ValidationError that says what is wrong."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", typed)).strip().lower()
    text = re.sub(r"\s*@\s*", "@", text.removeprefix("mailto:"))
    if "@" not in text:
        raise _wrong(_("В адресе нет знака @. Адрес выглядит как name@mail.ru."))
    name, _at, domain = text.rpartition("@")
    domain = _domain_normal(domain)
    _refuse_mixed_letters(name, domain)
    if not _NAME.fullmatch(name) or len(name.encode()) > LONGEST_NAME:
        raise _wrong(_("Проверьте адрес до знака @: в нём лишние знаки или чего-то не хватает."))
    if len(f"{name}@{idna.encode(domain).decode()}") > LONGEST:
        raise _wrong(_("Адрес слишком длинный: проверьте, нет ли в нём лишнего."))
    return f"{name}@{domain}"


def _domain_normal(domain: str) -> str:
    """`пример.рф`, however it is written: `xn--e1afmkfd.xn--p1ai` too."""
    wrong = _wrong(_("Проверьте адрес после знака @: он выглядит как mail.ru."))
    try:
        ascii_form = idna.encode(domain, uts46=True, std3_rules=True).decode()
        normal = idna.decode(ascii_form)
    except (idna.IDNAError, UnicodeError) as error:
        raise wrong from error
    last = ascii_form.rpartition(".")
    if not last[0] or last[2].isdigit() or len(last[2]) < 2:
        raise wrong
    return normal


def _refuse_mixed_letters(name: str, domain: str) -> None:
    """Russian letters in a Latin address look right and reach nobody."""
    latin_end = "LATIN" in _scripts(domain.rpartition(".")[2])
    for number, part in enumerate([name, *domain.split(".")]):
        cyrillic = {each for each in part if _script(each) == "CYRILLIC"}
        mixed = len(_scripts(part)) > 1
        suspicious = latin_end and (number == 0 or cyrillic <= LOOKALIKES)
        if cyrillic and (mixed or suspicious):
            letters = ", ".join(f"«{letter}»" for letter in sorted(cyrillic))
            raise _wrong(
                _(
                    "В адресе есть русские буквы: %(letters)s. Переключите клавиатуру на латинские и "
                    "наберите адрес заново."
                )
                % {"letters": letters}
            )


def _scripts(text: str) -> set[str]:
    return {_script(each) for each in text if each.isalpha()}


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _wrong(text: str) -> ValidationError:
    return ValidationError(text, code="invalid")
