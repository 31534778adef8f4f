"""An appeal as a conversation: the first text and all that followed, with their files."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from cabinet.appeals.models import Appeal, AppealFile, AppealMessage

_Author = AppealMessage.Author


@dataclass(frozen=True)
class Entry:
    """A text of the conversation. `pk` of the message, 0 of the first text."""

    pk: int
    author: str
    name: str
    moment: datetime.datetime
    text: str
    files: list[AppealFile] = field(default_factory=list)

    @property
    def is_own(self) -> bool:
        """Return whether the writer of the appeal has written this."""
        return self.author == _Author.SUBSCRIBER

    @property
    def is_note(self) -> bool:
        return self.author == _Author.NOTE

    @property
    def is_staff(self) -> bool:
        return self.author == _Author.STAFF


def conversation_of(appeal: Appeal, *, with_notes: bool) -> list[Entry]:
    """Return the conversation, oldest first: two queries. Only operators may see it `with_notes`."""
    messages, shown = appeal.messages.all(), appeal.files.all()
    if not with_notes:
        messages, shown = messages.exclude(author=_Author.NOTE), files_shown(appeal)
    files: dict[int | None, list[AppealFile]] = {}
    for file in shown.order_by("created_at", "pk"):
        files.setdefault(file.message_id, []).append(file)
    first = Entry(
        pk=0,
        author=_Author.SUBSCRIBER,
        name=appeal.contact_name,
        moment=appeal.created_at,
        text=appeal.text,
        files=files.get(None, []),
    )
    return [
        first,
        *(
            Entry(
                pk=one.pk,
                author=one.author,
                name=one.author_name,
                moment=one.created_at,
                text=one.text,
                files=files.get(one.pk, []),
            )
            for one in messages.order_by("pk")
        ),
    ]


def files_shown(appeal: Appeal) -> "QuerySet[AppealFile]":
    """Return the files that its writer may see: none of the operators' own."""
    files = AppealFile.objects.filter(appeal=appeal, is_internal=False)
    return files.filter(Q(message=None) | ~Q(message__author=_Author.NOTE))
