"""An application as a document: for the letter to the recipient, for paper, for the archive."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cabinet.connection.answers import answers_read
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from portal.formats.pdf import FONT, pdf_layout, tagged_pdf
from tenants.models import GasCompany


def papers_by_title(application: ConnectionApplication) -> list[tuple[str, list[ConnectionPaper]]]:
    """Return all that the applicant has sent, by what the checklist or the request called it then."""
    found: dict[str, list[ConnectionPaper]] = {}
    for one in application.papers.filter(kind=ConnectionPaper.Kind.PAPER).order_by(
        "created_at", "pk"
    ):
        found.setdefault(one.title or _("Документ"), []).append(one)
    return list(found.items())


def application_pdf(application: ConnectionApplication, company: GasCompany) -> bytes:
    """Return the application on A4 with a line to sign, and the list of its papers. Nothing is stored."""
    title = _("Заявка №\u00a0%(number)s") % {"number": application.number}
    context = {
        "title": title,
        "foot": f"{title}, {company.name}",
        "font_url": FONT,
        "application": application,
        "company": company,
        "sections": answers_read(application.answers),
        "papers": papers_by_title(application),
    }
    return tagged_pdf(pdf_layout(render_to_string("pdf/connection_application.html", context)))


def document_name(application: ConnectionApplication) -> str:
    return _("Заявка %(number)s.pdf") % {"number": application.number}
