"""What stands around every page of the cabinet: account menu, sections, sum due."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from cabinet.accounts.access import AccountAccess
from cabinet.billing.selectors import Balance, account_balance
from cabinet.navigation import MenuItem, menu
from cabinet.subscribers.handoff.views import handoff_address
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.selectors import last_used_link


@dataclass(frozen=True)
class LinkedAccount:
    """An item of the account menu; `url` is on the host of the account's own company."""

    account_number: str
    label: str
    region: str
    created_at: datetime
    url: str
    active: bool


@dataclass(frozen=True)
class CabinetLayout:
    """`current`: the link whose page it is, None on a page that belongs to the person.

    `sum_due` is shown on the pages of an account (manual 1, 2.1.4.2).
    """

    current: AccountLink | None = None
    accounts: list[LinkedAccount] = field(default_factory=list)
    menu: list[MenuItem] = field(default_factory=list)
    sum_due: Balance | None = None


def layout_of(
    request: CabinetRequest, access: AccountAccess | None, unconfirmed: AccountLink | None
) -> CabinetLayout:
    """Return the layout of an account's page, of the page that asks to confirm a link, or of a person's.

    Without a login it is empty; a link that waits for a proof has no sections; pages of the person have
    those of the account used last on this host.
    """
    person, kind = request.subscriber, request.tenant.kind
    if person is None:
        return CabinetLayout()
    if access:
        return CabinetLayout(
            current=access.link,
            accounts=_accounts(request, person, access.link),
            menu=menu(access.link, kind, request.path),
            sum_due=account_balance(access.account),
        )
    accounts = _accounts(request, person, unconfirmed)
    if unconfirmed:
        return CabinetLayout(current=unconfirmed, accounts=accounts)
    return CabinetLayout(accounts=accounts, menu=menu(last_used_link(person, request.tenant), kind))


def _accounts(
    request: CabinetRequest, person: Subscriber, current: AccountLink | None
) -> list[LinkedAccount]:
    """Return every linked account, over all regions."""
    links = person.account_links.select_related("company").prefetch_related("company__domains")
    return [
        LinkedAccount(
            account_number=link.account_number,
            label=link.label,
            region=link.region,
            created_at=link.created_at,
            url=_address(request, link),
            active=current is not None and link.pk == current.pk,
        )
        for link in links
    ]


def _address(request: CabinetRequest, link: AccountLink) -> str:
    if link.company_id == request.tenant.pk:
        return reverse("layout:information", args=[link.pk])
    return handoff_address(link, request.tenant)
