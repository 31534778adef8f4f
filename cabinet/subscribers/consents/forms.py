"""A box a document, none ticked beforehand: each consent is an act of its own (152-ФЗ, article 9)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.subscribers.consents.documents import Document, Kind

_LABELS = {
    Kind.CONSENT: gettext_lazy("Даю {}согласие на обработку персональных данных{}"),
    Kind.POLICY: gettext_lazy("С {}политикой в отношении персональных данных{} ознакомлен(а)"),
    Kind.TERMS: gettext_lazy("Принимаю {}условия пользования личным кабинетом{}"),
}
_REQUIRED = {
    Kind.CONSENT: gettext_lazy("Без согласия мы не вправе завести личный кабинет."),
    Kind.POLICY: gettext_lazy("Прочитайте политику и отметьте, что ознакомились."),
    Kind.TERMS: gettext_lazy("Прочитайте условия и отметьте, что принимаете их."),
}


class _Box(forms.CheckboxInput):
    """Sends what was agreed to, not only that something was."""

    def __init__(self, sign: str) -> None:
        super().__init__(check_test=lambda value: value == sign)
        self.sign = sign

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return str(data.get(name, ""))

    def format_value(self, value: Any) -> str:
        return self.sign


class ConsentField(forms.Field):
    """The box of one document. A wording that was replaced while the page lay open has to be read."""

    def __init__(self, document: Document, *, required: Any = None, help_text: Any = "") -> None:
        # A new tab: what was typed stays.
        link = format_html('<a href="{}" target="_blank" rel="noopener">', document.url)
        self.document = document
        super().__init__(
            label=format_html(str(_LABELS[Kind(document.kind)]), link, SafeString("</a>")),
            widget=_Box(document.text_hash[:16]),
            help_text=help_text,
            error_messages={"required": required or _REQUIRED[Kind(document.kind)]},
        )

    def clean(self, value: Any) -> Document:
        super().clean(value)
        if value != self.document.text_hash[:16]:
            raise ValidationError(
                _("Документ только что обновился. Прочитайте новую редакцию и отметьте ещё раз."),
                code="replaced",
            )
        return self.document


class RenewalForm(forms.Form):
    """New wordings of what the person has agreed to before."""

    def __init__(self, *args: Any, documents: list[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for document in documents:
            text = _("Редакция %(number)s") % {"number": document.number}
            self.fields[document.kind] = ConsentField(
                document,
                required=_("Прочитайте новую редакцию и отметьте или вернитесь к этому позже."),
                help_text=text,
            )

    @property
    def accepted(self) -> list[Document]:
        return list(self.cleaned_data.values())
