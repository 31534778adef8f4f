"""What a person has written to a company: found by its writer, whatever account is linked now."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.lifecycle.states import CAN_BE_RATED, CAN_BE_WITHDRAWN, State
from cabinet.appeals.models import Appeal

PER_PAGE = 20


@dataclass(frozen=True)
class May:
    """What the writer may do with an appeal in its state; `lifecycle/` looks again."""

    ask: bool
    rate: bool
    withdraw: bool


def may_of(appeal: Appeal) -> May:
    return May(
        ask=appeal.state != State.WITHDRAWN,
        rate=appeal.state in CAN_BE_RATED and appeal.is_solved is None,
        withdraw=appeal.state in CAN_BE_WITHDRAWN,
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
