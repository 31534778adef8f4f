"""What stands around every page of the cabinet: account menu, sections, sum due."""

from dataclasses import dataclass, field

from cabinet.accounts.access import AccountAccess, accounts_watched
from cabinet.accounts.links.listed import account_address
from cabinet.accounts.models import PersonalAccount
from cabinet.billing.selectors import Balance, account_balance
from cabinet.navigation import MenuItem, menu
from cabinet.notifications.selectors import Bell, bell_of
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.selectors import last_used_link
from portal.formats.places import address_in_town


@dataclass(frozen=True)
class LinkedAccount:
    """An item of the account menu; `url` is on the host of the account's own company.

    `name`: what the person calls it, else its address, else its number. Of an account that waits for a
    proof nothing but the number is shown.
    """

    link: AccountLink
    name: str
    url: str
    active: bool

    @property
    def account_number(self) -> str:
        return self.link.account_number

    @property
    def region(self) -> str:
        return self.link.region

    @property
    def is_delegate(self) -> bool:
        """Return whether a holder has let this person in, who is no holder himself."""
        return self.link.delegation_id is not None


@dataclass(frozen=True)
class CabinetLayout:
    """`shown`: the account that the header names and whose sum it says (manual 1, 2.1.4.2 and 2.2).

    On a page that belongs to the person, the one used last in this company.
    """

    accounts: list[LinkedAccount] = field(default_factory=list)
    menu: list[MenuItem] = field(default_factory=list)
    shown: LinkedAccount | None = None
    sum_due: Balance | None = None
    bell: Bell | None = None


def layout_of(
    request: CabinetRequest, access: AccountAccess | None, unconfirmed: AccountLink | None
) -> CabinetLayout:
    """Return the layout of an account's page, of the page that asks to confirm a link, or of a person's.

    Without a login it is empty; a link that waits for a proof has neither sections nor a sum.
    """
    person, kind = request.subscriber, request.tenant.kind
    if person is None:
        return CabinetLayout()
    current = access.link if access else unconfirmed
    shown = current or last_used_link(person, request.tenant)
    own = (
        person.account_links.in_force()
        .select_related("company", "delegation")
        .prefetch_related("company__domains")
    )
    links = list(own)
    known = _confirmed_accounts(request, links)
    accounts = _accounts(request, links, known, current)
    account = access.account if access else known.get(shown.account_number if shown else "")
    return CabinetLayout(
        accounts=accounts,
        menu=[] if unconfirmed else menu(shown, kind, request.path),
        shown=next((one for one in accounts if shown and one.link.pk == shown.pk), None),
        sum_due=account_balance(account) if account and not unconfirmed else None,
        bell=bell_of(person),
    )


def _confirmed_accounts(
    request: CabinetRequest, links: list[AccountLink]
) -> dict[str, PersonalAccount]:
    """Return the person's accounts of this company by number, without those that wait for a proof."""
    here = (link for link in links if link.company_id == request.tenant.pk)
    numbers = [link.account_number for link in here if link.unconfirmed_since is None]
    accounts = accounts_watched().filter(account_number__in=numbers)
    return {one.account_number: one for one in accounts if not one.has_new_owner}  # type: ignore[attr-defined]


def _accounts(
    request: CabinetRequest,
    links: list[AccountLink],
    known: dict[str, PersonalAccount],
    current: AccountLink | None,
) -> list[LinkedAccount]:
    """Return every linked account, over all regions."""
    return [_account(request, link, known, current) for link in links]


def _account(
    request: CabinetRequest,
    link: AccountLink,
    known: dict[str, PersonalAccount],
    current: AccountLink | None,
) -> LinkedAccount:
    is_here = link.company_id == request.tenant.pk
    account = known.get(link.account_number) if is_here else None
    # Other companies' tables are not read: of a surname that has just changed there, its task tells the link.
    is_waiting = link.unconfirmed_since is not None or (is_here and account is None)
    place = address_in_town(account.address) if account else link.place
    return LinkedAccount(
        link=link,
        name=link.account_number if is_waiting else link.label or place or link.account_number,
        url=account_address(link, request.tenant),
        active=current is not None and link.pk == current.pk,
    )
