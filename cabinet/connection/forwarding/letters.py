"""The letters to a recipient: the application as a PDF, and its papers, over several letters if need be.

They are written in one transaction with the note that they are: nothing goes out twice.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils import timezone

from cabinet.connection.forwarding.document import application_pdf, document_name
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, ConnectionSettings
from cms_pages.selectors import company_phone
from portal.messaging.models import Message
from portal.messaging.services import File, StoredFile, message_send
from portal.secrets import SignedToken
from portal.uploads.documents import CONTENT_TYPES
from portal.uploads.services import upload_read
from tenants.models import GasCompany

KIND = "connection_forward"
# What mail servers take, less a third for the encoding.
BYTES_OF_LETTER = 10 * 1024 * 1024
LINK_FOR = datetime.timedelta(days=30)
_LINKS = SignedToken("connection.paper", lifetime=LINK_FOR)
State = Literal["waiting", "sent", "failed"]


@dataclass
class Letters:
    """What is to go to the recipient: `parts` are the files of each letter, `links` what fits into none."""

    settings: ConnectionSettings
    company: GasCompany
    papers: list[ConnectionPaper]
    document: bytes
    parts: list[list[tuple[ConnectionPaper, StoredFile]]] = field(default_factory=lambda: [[]])
    links: list[ConnectionPaper] = field(default_factory=list)

    @classmethod
    def of(
        cls, application: ConnectionApplication, settings: ConnectionSettings, company: GasCompany
    ) -> Letters:
        """Prepare the letters of what was not forwarded yet, outside a transaction: it reads the files."""
        papers = list(
            application.papers.filter(kind=ConnectionPaper.Kind.PAPER, forwarded_at=None).order_by(
                "created_at", "pk"
            )
        )
        document = application_pdf(application, company)
        letters = cls(settings, company, papers, document)
        room = BYTES_OF_LETTER - len(document)
        for paper in papers:
            if paper.size > BYTES_OF_LETTER:
                letters.links.append(paper)
            elif content := upload_read(paper):
                if paper.size > room:
                    letters.parts.append([])
                    room = BYTES_OF_LETTER
                letters.parts[-1].append((paper, _stored(paper, content)))
                room -= paper.size
        return letters


def letters_write(letters: Letters, application: ConnectionApplication) -> None:
    """Write the letters of a locked application, in the caller's transaction."""
    now = timezone.now()
    application.letters_at = now
    application.save(update_fields=["letters_at"])
    application.papers.filter(pk__in=[one.pk for one in letters.papers]).update(forwarded_at=now)
    for number, part in enumerate(letters.parts, start=1):
        message_send(
            kind=KIND,
            recipient=letters.settings.recipient_email,
            context=_context(letters, application, number, [paper for paper, _ in part]),
            attachments=_document(letters, application) if number == 1 else (),
            stored_files=_with_own_names(stored for _, stored in part),
            mailing=_batch(application),
        )


def withdrawal_write(
    application: ConnectionApplication, settings: ConnectionSettings, company: GasCompany
) -> None:
    """Write to the recipient that an application that it has is withdrawn, in the caller's transaction."""
    message_send(
        kind=KIND,
        recipient=settings.recipient_email,
        context={
            "company_name": company.name,
            "phone": company_phone(),
            "number": application.number,
            "recipient_number": application.recipient_number,
            "is_withdrawn": True,
        },
    )


def letters_state(application: ConnectionApplication) -> State:
    """Return whether the letters of an application have left."""
    states = set(
        Message.objects.filter(mailing=_batch(application), kind=KIND).values_list(
            "state", flat=True
        )
    )
    if Message.State.PENDING in states:
        return "waiting"
    # Of one that may have been taken nobody knows; it must not go twice.
    return "failed" if Message.State.FAILED in states else "sent"


def paper_by_link(token: str) -> ConnectionPaper | None:
    """Return the paper of a recipient's link, as long as the application is not withdrawn."""
    key = _LINKS.read(token)
    over = ConnectionApplication.State.WITHDRAWN
    rows = ConnectionPaper.objects.filter(pk=key, application__isnull=False) if key else None
    return rows.exclude(application__state=over).first() if rows is not None else None


def _batch(application: ConnectionApplication) -> UUID:
    return uuid5(application.key, str(application.letters_at))


def _context(
    letters: Letters, application: ConnectionApplication, number: int, papers: list[ConnectionPaper]
) -> dict[str, object]:
    is_first = number == 1
    return {
        "company_name": letters.company.name,
        "phone": company_phone(),
        "number": application.number,
        "recipient_number": application.recipient_number,
        "letter": number,
        "letters": len(letters.parts),
        "is_more": application.forwarded_at is not None,
        "papers": [_said(one) for one in papers],
        "links": [(_said(one), _link(letters.company, one)) for one in letters.links]
        if is_first
        else [],
        "days": LINK_FOR.days,
    }


def _said(paper: ConnectionPaper) -> str:
    return f"{paper.title}: {paper.name}" if paper.title else paper.name


def _link(company: GasCompany, paper: ConnectionPaper) -> str:
    return company.url + reverse("connection:forwarded", args=[_LINKS.make(str(paper.pk))])


def _document(letters: Letters, application: ConnectionApplication) -> list[File]:
    return [File(document_name(application), letters.document, "application/pdf")]


def _stored(paper: ConnectionPaper, content: bytes) -> StoredFile:
    return StoredFile(
        name=paper.name,
        path=paper.file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        content_type=CONTENT_TYPES.get(paper.extension, "application/octet-stream"),
    )


def _with_own_names(files: Iterable[StoredFile]) -> list[StoredFile]:
    """Return the files with a number before a name that two of them have."""
    named: list[StoredFile] = []
    seen: set[str] = set()
    for number, one in enumerate(files, start=1):
        name = one.name if one.name not in seen else f"{number}-{one.name}"
        seen.add(name)
        named.append(StoredFile(name, one.path, one.sha256, one.content_type))
    return named
