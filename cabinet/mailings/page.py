from typing import Any

from cabinet.accounts.switches import account_switches
from cabinet.mailings.selectors import receipts_wanted
from cabinet.subscribers.http import SubscriberRequest


def receipt_switches(request: SubscriberRequest) -> dict[str, Any]:
    """For «Подписки»."""
    return {"switches": account_switches(request.subscriber, receipts_wanted)}
