from typing import Any

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.selectors import account_balance
from cabinet.subscribers.models import AccountLink


def sum_due(account: PersonalAccount, link: AccountLink) -> dict[str, Any]:
    """The sum due in the header of every page of an account (manual 1, 2.1.4.2)."""
    return {"sum_due": account_balance(account), "sum_due_link": link}
