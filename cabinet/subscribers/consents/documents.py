"""Which documents a registration asks for: the company's own, or the usual wording in their place."""

import hashlib
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from wagtail.rich_text import expand_db_html

from cms_pages.models import CompanyRequisites, LegalDocumentPage
from cms_pages.pages.documents import document_in_force
from tenants.models import GasCompany

Kind = LegalDocumentPage.Kind
# Without these two nobody may be registered: 152-ФЗ, articles 9 and 18.1. Terms are the company's wish.
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

    @property
    def text_hash(self) -> str:
        """Of all that was agreed to. Parts are told apart by a sign that no text has."""
        return hashlib.sha256("\0".join((self.title, self.number, self.text)).encode()).hexdigest()


def documents_to_accept(company: GasCompany) -> list[Document]:
    """In the order of the page: consent, policy, and terms if the company has published some."""
    found = [document_of(kind, company) for kind in (*NEEDED, Kind.TERMS)]
    return [document for document in found if document]


def on_its_host(document: Document, company: GasCompany) -> Document:
    """With an address that leads there from any other company's host too."""
    if not document.url.startswith("/"):
        return document
    return replace(document, url=f"{company.url}{document.url}")


def document_of(kind: str, company: GasCompany) -> Document | None:
    """What is in force today on this company's site, the usual wording where nothing is published.

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
    )
