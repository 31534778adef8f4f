"""What the tracker shows of an application."""

from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from cabinet.connection.models import ConnectionApplication, ConnectionPaper, PaperRequest

_ON_A_PAGE = 20


def applications_page(subscriber_id: UUID, number: str | None) -> Page[ConnectionApplication]:
    """Return what a person has submitted to this company, newest first."""
    mine = ConnectionApplication.objects.filter(subscriber_id=subscriber_id)
    submitted = mine.exclude(state=ConnectionApplication.State.DRAFT).order_by("-created_at")
    return Paginator(submitted, _ON_A_PAGE).get_page(number)


def papers_shown(application: ConnectionApplication) -> QuerySet[ConnectionPaper]:
    """Return the files that the applicant may see: his own, and those of staff for him."""
    found: QuerySet[ConnectionPaper] = application.papers.order_by("created_at", "pk")
    return found


def papers_of_company(application: ConnectionApplication) -> list[ConnectionPaper]:
    """Return the contract and other files of staff."""
    return list(papers_shown(application).exclude(kind=ConnectionPaper.Kind.PAPER))


def papers_of_applicant(application: ConnectionApplication) -> list[ConnectionPaper]:
    return list(papers_shown(application).filter(kind=ConnectionPaper.Kind.PAPER))


def requests_open(application: ConnectionApplication) -> list[PaperRequest]:
    return list(application.requests.filter(answered_at=None).order_by("pk"))
