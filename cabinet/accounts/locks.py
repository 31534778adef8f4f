"""Locks of an account, for whatever gives it to somebody, takes it away or proves it again.

In one order, so that no two wait for each other: the person (`subscriber_lock`), the application, the
account's row, its changes of surname, all its links by their keys, delegations (docs/decisions/0012).
"""

from cabinet.accounts.access import AccountAccess, account_of
from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink
from tenants.models import GasCompany


class AccessGone(Exception):
    """The account was unlinked, or has to be proved again, a moment ago."""


def access_hold(access: AccountAccess) -> PersonalAccount:
    """Lock the account of a holder as `account_hold` does, and return it. Raises AccessGone."""
    account_hold(access.account)
    holders = AccountLink.objects.holders().filter(pk=access.link.pk, unconfirmed_since=None)
    now = account_of(access.link)
    if not holders.exists() or now is None or now.has_new_owner:  # type: ignore[attr-defined]
        raise AccessGone
    return now


def account_hold(account: PersonalAccount) -> PersonalAccount:
    """Lock the account's row until the transaction ends, and return it as it is now.

    A package that is changing its surname comes wholly before, or after with all links in sight.
    """
    return PersonalAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def links_hold(company: GasCompany, account_number: str) -> dict[object, AccountLink]:
    """Lock all links of the account, delegates' too, and return them by their keys as they are now."""
    links = AccountLink.objects.of_account(company, account_number)
    return {link.pk: link for link in links.select_for_update().order_by("pk")}
