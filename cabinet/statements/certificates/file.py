"""A certificate on paper: a PDF with the code, in letters and as a QR code that leads to the check."""

from django.template.loader import render_to_string
from django.urls import reverse

from cabinet.statements.certificates.text import CertificateText
from cabinet.statements.models import Certificate
from portal.formats.pdf import FONT, pdf_layout, tagged_pdf
from portal.formats.qr import qr_png
from tenants.models import GasCompany

_QR = "portal:check"


def certificate_pdf(certificate: Certificate, company: GasCompany) -> bytes:
    """Return the PDF, with tags for screen readers: the same bytes at every download. Nothing is stored."""
    text = CertificateText.of_json(certificate.content)
    title = f"Справка №\u00a0{certificate.number}"
    context = {
        "title": title,
        "foot": f"{title}, лицевой счёт {text.account_number}",
        "font_url": FONT,
        "qr_url": _QR,
        "certificate": certificate,
        "text": text,
        "check_url": f"{company.url}{reverse('statements:check_form')}",
    }
    html = render_to_string("pdf/certificate.html", context)
    address = f"{company.url}{reverse('statements:check', args=[certificate.code])}"
    return tagged_pdf(pdf_layout(html, {_QR: (qr_png(address), "image/png")}))
