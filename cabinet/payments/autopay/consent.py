"""What a person agrees to when an autopay is connected: a document of the ledger of consents."""

from django.template.loader import render_to_string

from cabinet.subscribers.consents.documents import USUAL_NUMBER, Document
from tenants.models import GasCompany

KIND = "autopay"


def autopay_consent(company: GasCompany) -> Document:
    """Return the terms as the page of connecting shows them."""
    return Document(
        kind=KIND,
        title="Согласие на автоплатёж",
        number=USUAL_NUMBER,
        text=render_to_string("cabinet/payments/autopay/terms.html", {"company": company}),
        url="",
        pdf_url="",
    )
