"""The form of a company's own text of a message."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.formats.text import clean_text
from portal.formats.text_fields import ParagraphsField
from portal.messaging.models import MessageTemplate
from portal.messaging.wording import (
    SMS_PARTS,
    Wording,
    placeholders_missing,
    sms_length,
    text_problems,
    words_of,
)

_TEXT_LENGTH = 5000


class _LineField(forms.CharField):
    def clean(self, value: Any) -> str:
        return str(super().clean(clean_text(value or "")))


class WordingForm(forms.Form):
    """Subject, text and short text, as far as the kind has them; `since`: the version that was seen."""

    since = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    subject = _LineField(
        label=gettext_lazy("Тема письма"),
        max_length=200,
        error_messages={"required": gettext_lazy("Напишите тему письма.")},
    )
    text = ParagraphsField(
        label=gettext_lazy("Текст письма"),
        max_length=_TEXT_LENGTH,
        help_text=gettext_lazy(
            "Пустая строка начинает новый абзац. Ссылка, которая стоит одна в абзаце, станет кнопкой. "
            "Название компании сверху и ссылку «Отписаться» внизу портал добавит сам."
        ),
        error_messages={"required": gettext_lazy("Напишите текст письма.")},
    )
    short_text = _LineField(
        label=gettext_lazy("Текст СМС и MAX"),
        max_length=MessageTemplate._meta.get_field("short_text").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "До 70 знаков — одно СМС, до 134 — два, до 201 — три; длиннее нельзя. Считаем с самыми "
            "длинными данными вместо слов в скобках."
        ),
        error_messages={"required": gettext_lazy("Напишите текст СМС и MAX.")},
    )

    def __init__(self, *args: Any, wording: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording
        if not wording.text:
            del self.fields["subject"], self.fields["text"]
        if not wording.short:
            del self.fields["short_text"]

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_text(self) -> str:
        return self._checked("text", has_all=True)

    def clean_short_text(self) -> str:
        text = self._checked("short_text", has_all=True)
        words = words_of(
            self.wording, subject="", text="", short=text, values=self.wording.longest()
        )
        signs, parts = sms_length(words.short)
        if parts > SMS_PARTS:
            raise ValidationError(
                _("Получится %(signs)s знаков. Сократите до %(limit)s: это три СМС.")
                % {"signs": signs, "limit": SMS_PARTS * 67}
            )
        return text

    def texts(self) -> dict[str, str]:
        """Return the checked texts; an empty one for what the kind does not have."""
        names = ("subject", "text", "short_text")
        return {name: self.cleaned_data.get(name, "") for name in names}

    def _checked(self, name: str, *, has_all: bool = False) -> str:
        text = unicodedata.normalize("NFC", self.cleaned_data[name])
        problems = text_problems(self.wording, text)
        if has_all and not problems:
            problems = [
                _("Вставьте %(name)s — это %(title)s: без этого сообщение не поможет.")
                % {"name": one.written, "title": one.title}
                for one in placeholders_missing(self.wording, text, is_short=name == "short_text")
            ]
        if problems:
            raise ValidationError(problems)
        return text
