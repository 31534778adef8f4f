"""The form of an answer to a message of the site."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.formats.text_fields import FormKeyField, ParagraphsField


class ReplyForm(forms.Form):
    form_key = FormKeyField()
    seen = forms.IntegerField(min_value=0, max_value=9999, widget=forms.HiddenInput)
    text = ParagraphsField(
        label=_("Ответ"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Мы отправим письмо на адрес, который указал автор. Ниже ответа будет его сообщение."
        ),
        error_messages={"required": _("Напишите ответ.")},
    )

    def __init__(self, *args: Any, seen: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"form_key": uuid4(), "seen": seen})
        super().__init__(*args, **kwargs)
