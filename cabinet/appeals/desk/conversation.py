"""An appeal as a conversation: the first text and all that followed, with their files."""

import datetime
from dataclasses import dataclass, field

from cabinet.appeals.models import Appeal, AppealFile, AppealMessage

Author = AppealMessage.Author


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
    def is_note(self) -> bool:
        return self.author == Author.NOTE

    @property
    def is_staff(self) -> bool:
        return self.author == Author.STAFF


def conversation_of(appeal: Appeal) -> list[Entry]:
    """Return the whole conversation, the notes of operators among it, oldest first: two queries."""
    files: dict[int | None, list[AppealFile]] = {}
    for file in appeal.files.order_by("created_at", "pk"):
        files.setdefault(file.message_id, []).append(file)
    first = Entry(
        pk=0,
        author=Author.SUBSCRIBER,
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
            for one in appeal.messages.order_by("pk")
        ),
    ]
