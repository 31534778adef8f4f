"""E-mail addresses and telephones: read as people type them, compared in one form."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from portal.formats.phones import phone_shown
from portal.formats.text import without_invisible
from portal.secrets import keyed_hash

Kind = Literal["email", "phone"]


class HasContact(Protocol):
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...


@dataclass(frozen=True)
class Contact:
    """An address in lower case, or a telephone as `+79111234567`."""

    kind: Kind
    value: str

    @classmethod
    def of(cls, owner: HasContact) -> "Contact":
        """Return the contact that messages go to: the address, or else the telephone."""
        return cls("email", owner.email) if owner.email else cls("phone", str(owner.phone))

    def lookup(self) -> dict[str, str]:
        """Return the filter that finds rows with this contact."""
        return {self.kind: self.value}

    @property
    def key(self) -> str:
        """Return a key for counters that does not show the contact."""
        return keyed_hash(f"{self.kind}:{self.value}", purpose="cabinet.contact")

    def __str__(self) -> str:
        """Return the contact as people write it: `+7 911 123-45-67`."""
        if self.kind == "email":
            return self.value
        return phone_shown(self.value)


def contacts_initial(writer: HasContact) -> dict[str, str]:
    """Return the contacts of a person who is logged in, as a form begins with them."""
    phone = str(Contact("phone", writer.phone)) if writer.phone else ""
    return {"email": writer.email or "", "phone": phone}


def contact_masked(value: str) -> str:
    """Return enough of a contact for its owner to know it: n…@mail.ru, +7…4567."""
    name, at, host = value.partition("@")
    return f"{name[:1]}…{at}{host}" if at else f"{value[:2]}…{value[-4:]}"


# Cyrillic letters that look like Latin ones: with them alone a part of an address looks Latin.
LOOKALIKES = set("асеорхукмтвнігѕјԁԛԝһ")


def email_normal(typed: str) -> str:
    """Return an address in the form in which it is stored and compared.

    Lower case, an international domain in letters; senders write it in ASCII where the network needs
    that. Raises ValidationError that says what is wrong.
    """
    text = without_invisible(unicodedata.normalize("NFKC", typed)).strip().lower()
    text = re.sub(r"\s*@\s*", "@", text.removeprefix("mailto:"))
    name, at, domain = text.rpartition("@")
    if not at:
        raise _wrong(_("В адресе электронной почты не хватает знака @. Пример: name@mail.ru."))
    found = _email_parsed(text)
    if found is None and _email_parsed(f"a@{domain}") is None:
        raise _wrong(_("После @ должен быть адрес почтовой службы, например mail.ru."))
    if found is None and _email_parsed(f"{name}@a.ru"):
        raise _wrong(_("Адрес электронной почты слишком длинный: проверьте, нет ли в нём лишнего."))
    if found is None:
        raise _wrong(_("Проверьте адрес электронной почты до знака @: там что-то лишнее."))
    _refuse_mixed_letters(found.local_part, found.domain)
    return found.normalized


def _email_parsed(text: str) -> ValidatedEmail | None:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return None


def _refuse_mixed_letters(name: str, domain: str) -> None:
    """Refuse Russian letters in a Latin address: it looks right and reaches nobody."""
    latin_end = "LATIN" in _scripts(domain.rpartition(".")[2])
    for number, part in enumerate([name, *domain.split(".")]):
        cyrillic = {each for each in part if _script(each) == "CYRILLIC"}
        mixed = len(_scripts(part)) > 1
        suspicious = latin_end and (number == 0 or cyrillic <= LOOKALIKES)
        if cyrillic and (mixed or suspicious):
            letters = ", ".join(f"«{letter}»" for letter in sorted(cyrillic))
            raise _wrong(
                _(
                    "В адресе электронной почты есть русские буквы: %(letters)s. Переключите клавиатуру "
                    "на латинские и наберите адрес заново."
                )
                % {"letters": letters}
            )


def _scripts(text: str) -> set[str]:
    return {_script(each) for each in text if each.isalpha()}


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _wrong(text: str) -> ValidationError:
    return ValidationError(text, code="invalid")
