"""Documents that people agree to, and the boxes that ask for it.

One box a document, none ticked beforehand: each consent is an act of its own (152-ФЗ, article 9).
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.rich_text import expand_db_html

from cms_pages.models import CompanyRequisites, LegalDocumentPage
from cms_pages.pages.documents import document_in_force
from tenants.models import GasCompany

Kind = LegalDocumentPage.Kind
# Required for every registration by 152-ФЗ, articles 9 and 18.1. Terms are the company's choice.
NEEDED = (Kind.CONSENT, Kind.POLICY)
USUAL_NUMBER = "типовая"
USUAL_TITLES = {
    Kind.CONSENT: "Согласие на обработку персональных данных",
    Kind.POLICY: "Политика в отношении персональных данных",
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """A wording as a person sees it before agreeing; `text` is HTML."""

    kind: str
    title: str
    number: str
    text: str
    url: str
    pdf_url: str

    @property
    def text_hash(self) -> str:
        """Return the hash of title, number and text, separated by a sign that no text has."""
        return hashlib.sha256("\0".join((self.title, self.number, self.text)).encode()).hexdigest()


def documents_to_accept(company: GasCompany) -> list[Document]:
    """Return consent, policy, and terms if the company has published some, in the page's order."""
    found = [document_of(kind, company) for kind in (*NEEDED, Kind.TERMS)]
    return [document for document in found if document]


def on_its_host(document: Document, company: GasCompany) -> Document:
    """Return the document with an address that is right on other companies' hosts too."""
    return replace(
        document,
        url=_on_host(document.url, company),
        pdf_url=_on_host(document.pdf_url, company),
    )


def _on_host(address: str, company: GasCompany) -> str:
    return f"{company.url}{address}" if address.startswith("/") else address


def document_of(kind: str, company: GasCompany) -> Document | None:
    """Return what is in force today on the company's site, else the usual wording.

    None for a kind that has no usual wording. The company's schema is entered.
    """
    version = document_in_force(kind, timezone.localdate())
    if version:
        return Document(
            kind=kind,
            title=version.get_parent().title,
            number=version.number,
            text=expand_db_html(version.text),
            url=version.url or "",
            pdf_url=version.pdf_url,
        )
    if kind not in USUAL_TITLES:
        return None
    context = {"company": company, "requisites": CompanyRequisites.objects.first()}
    return Document(
        kind=kind,
        title=USUAL_TITLES[Kind(kind)],
        number=USUAL_NUMBER,
        text=render_to_string(f"cabinet/subscribers/documents/{kind}.html", context),
        url=reverse("subscribers:document", args=[kind]),
        pdf_url=reverse("subscribers:document_pdf", args=[kind]),
    )


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
    """A checkbox whose value names the wording that is agreed to."""

    def __init__(self, sign: str) -> None:
        super().__init__(check_test=lambda value: value == sign)
        self.sign = sign

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return str(data.get(name, ""))

    def format_value(self, value: Any) -> str:
        return self.sign


class ConsentField(forms.Field):
    """The box of one document; it refuses a wording that was replaced while the page was open."""

    def __init__(self, document: Document, *, required: Any = None, help_text: Any = "") -> None:
        # A new tab: what was typed stays.
        link = format_html('<a href="{}" target="_blank" rel="noopener">', document.url)
        self.document = document
        super().__init__(
            label=format_html(
                '{} (<a href="{}" download>PDF</a>)',
                format_html(str(_LABELS[Kind(document.kind)]), link, SafeString("</a>")),
                document.pdf_url,
            ),
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
    """New wordings of documents that the person has agreed to before."""

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
