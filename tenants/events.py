"""Who wants to know what the central office does to a company: the audit log, apps above.

A watcher is called inside the transaction that makes the change, with public entered.
"""

from collections.abc import Callable

from tenants.models import GasCompany

# (event, company, actor's login, address). Events: created, suspended, resumed, archived, restored,
# deleted, domain_added, domain_primary, domain_removed.
Watcher = Callable[[str, GasCompany, str, str], None]
_watchers: list[Watcher] = []


def company_watch(watcher: Watcher) -> Watcher:
    if watcher not in _watchers:
        _watchers.append(watcher)
    return watcher


def company_event(event: str, company: GasCompany, actor: str, address: str) -> None:
    for watcher in _watchers:
        watcher(event, company, actor, address)
