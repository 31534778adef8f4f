"""Legal documents as files that a person keeps."""

import datetime

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from portal.formats.dates import long_day
from portal.formats.pdf import template_pdf
from tenants.models import GasCompany


def legal_file(
    *,
    company: GasCompany,
    title: str,
    html: str,
    number: str = "",
    day: datetime.date | None = None,
) -> HttpResponse:
    """Return the document as a PDF to download, with company, version and day on it.

    `day`: from which it is in force; the usual wording has neither number nor day. The file says nothing of
    who asked for it.
    """
    edition = f"№\u00a0{number}, действует с {long_day(day)}" if day else "типовая"
    context = {
        "title": title,
        "company_name": company.name,
        "edition": edition,
        "text": html,
        "foot": f"{company.name} · редакция {edition}",
    }
    content = template_pdf("pdf/legal.html", context)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{title}.pdf") or ""
    return response
