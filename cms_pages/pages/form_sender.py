"""Who writes by a form of the site, where the cabinet of this host knows the visitor."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.formats.text import fold

# The key of the answers under which it is kept: no label gives such a one.
SENDER = "_cabinet"
# Sent with `request`; a receiver answers with a FormSender, or None for a stranger.
sender_asked = Signal()


@dataclass(frozen=True)
class FormSender:
    """A person who is logged in; "" for what is not known. `key` is the person's own in the cabinet."""

    key: UUID | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    account_number: str = ""

    @property
    def label(self) -> str:
        """Return what the staff see beside the answer."""
        if not self.account_number:
            return _("без лицевого счёта")
        return _("лицевой счёт № %(number)s") % {"number": self.account_number}


def form_sender(request: HttpRequest) -> FormSender | None:
    """Return who is logged in on this host, by the session alone; None for anybody else."""
    answers: list[Any] = [one for _receiver, one in sender_asked.send(FormSender, request=request)]
    found: FormSender | None = next(filter(None, answers), None)
    return found


# What a field of a line asks for, by the beginnings of words in its label: editors make up the forms.
_ASKED = {
    "account_number": ("лицев",),
    "phone": ("телефон", "мобильн"),
    "email": ("почт",),
    "name": ("имя", "фио", "обращаться", "зовут"),
}


def known_answers(sender: FormSender, fields: Any) -> dict[str, str]:
    """Return what the fields of a form begin with for this person, by their keys."""
    found = {field.clean_name: getattr(sender, asked_by(field), "") for field in fields}
    return {key: value for key, value in found.items() if value}


def asked_by(field: Any) -> str:
    """Return which of a sender's facts a field asks for, by the words of its label; "" for none."""
    if field.field_type == "email":
        return "email"
    words = f" {fold(field.label)}" if field.field_type == "singleline" else ""
    asked = (
        name for name, begin in _ASKED.items() if any(f" {fold(one)}" in words for one in begin)
    )
    return next(asked, "")
