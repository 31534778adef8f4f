"""Legal documents of a company's site."""

import datetime

from wagtail.models import Site

from cms_pages.models import DocumentIndexPage, LegalDocumentPage, LegalVersionPage


def publish(kind: str, text: str, number: str = "1") -> LegalVersionPage:
    home = Site.objects.get(is_default_site=True).root_page
    index = DocumentIndexPage.objects.first() or home.add_child(
        instance=DocumentIndexPage(title="Документы", slug="documents")
    )
    document = LegalDocumentPage.objects.filter(kind=kind).first() or index.add_child(
        instance=LegalDocumentPage(title=f"Документ {kind}", slug=kind, kind=kind)
    )
    return document.add_child(
        instance=LegalVersionPage(
            title=f"Редакция {number}",
            slug=f"r{number}",
            number=number,
            effective_from=datetime.date(2026, 1, int(number)),
            text=text,
        )
    )
