"""What a person has written to a company: found by its writer, whatever account is linked now."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.models import OPEN, Appeal, AppealFile, AppealMessage

PER_PAGE = 20

_NOTE = AppealMessage.Author.NOTE


@dataclass(frozen=True)
class Entry:
    """A text of the conversation with its files; the first one is the appeal's own."""

    text: str
    is_own: bool
    created_at: datetime.datetime
    files: list[AppealFile]


@dataclass(frozen=True)
class May:
    """What the writer may do with an appeal in its state; `lifecycle/` looks again."""

    ask: bool
    rate: bool
    withdraw: bool


def may_of(appeal: Appeal) -> May:
    state = Appeal.State
    return May(
        ask=appeal.state != state.WITHDRAWN,
        rate=appeal.state in (state.ANSWERED, state.DONE) and appeal.is_solved is None,
        withdraw=appeal.state in (*OPEN, state.WAITING),
    )


def appeals_by(subscriber_id: UUID, account: PersonalAccount | None = None) -> "QuerySet[Appeal]":
    """Return the appeals of a person in this company, newest first; of one account where it is given."""
    mine = Appeal.objects.filter(subscriber_id=subscriber_id).select_related("account")
    if account is not None:
        mine = mine.filter(account=account)
    return mine.order_by("-created_at", "-pk")


def appeals_page(
    subscriber_id: UUID, page: str | None, account: PersonalAccount | None = None
) -> "Page[Appeal]":
    return Paginator(appeals_by(subscriber_id, account), PER_PAGE).get_page(page)


def appeal_by(subscriber_id: UUID, number: int) -> Appeal:
    """Return an appeal that this person has written. Raises Http404 for anybody else's."""
    found = appeals_by(subscriber_id).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def conversation_of(appeal: Appeal) -> list[Entry]:
    """Return what was written to each other, without the operators' notes, oldest first: two queries."""
    files: dict[int | None, list[AppealFile]] = {}
    for one in files_shown(appeal).order_by("created_at", "pk"):
        files.setdefault(one.message_id, []).append(one)
    first = Entry(appeal.text, True, appeal.created_at, files.get(None, []))
    messages = appeal.messages.exclude(author=_NOTE).order_by("pk")
    return [
        first,
        *(
            Entry(
                one.text,
                one.author == AppealMessage.Author.SUBSCRIBER,
                one.created_at,
                files.get(one.pk, []),
            )
            for one in messages
        ),
    ]


def files_shown(appeal: Appeal) -> "QuerySet[AppealFile]":
    """Return the files that its writer may see: none of the operators' own."""
    files = AppealFile.objects.filter(appeal=appeal, is_internal=False)
    return files.filter(Q(message=None) | ~Q(message__author=_NOTE))
