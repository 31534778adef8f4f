"""Legal documents as files that a person keeps."""

import datetime

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from portal.formats.dates import long_day
from portal.formats.pdf.document import text_pdf
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
    edition = f"редакция № {number}" if day else "типовая редакция"
    since = f", действует с {long_day(day)}" if day else ""
    content = text_pdf(
        title=title,
        facts=[
            ("Организация", company.name),
            ("Редакция", f"№ {number}{since}" if day else "типовая"),
        ],
        html=html,
        foot=f"{company.name} · {edition}{since}",
        day=day or company.created_at.date(),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{title}.pdf") or ""
    return response
