"""Links when billing gives an account another surname: closed until proved again, or until it is taken back.

A link keeps a hash of the surname for which it was proved, and of the one before, so that it is good
exactly while the account has one of them.
"""

from collections.abc import Collection

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from cabinet.accounts.models import LastSurnameChange, PersonalAccount, SurnameChange
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.notify import subscriber_notify
from portal.formats.text import fold
from portal.secrets import keyed_hash
from tenants.models import GasCompany

# Sent with `link` for each link that becomes unconfirmed, in the same transaction.
link_unconfirmed = Signal()
BATCH = 200


def surname_hash(company: GasCompany, account: PersonalAccount) -> str:
    """Return what a link keeps of the account's surname: equal for what `fold` makes equal."""
    value = f"{company.schema_name}:{account.account_number}:{fold(account.last_name)}"
    return keyed_hash(value, purpose="cabinet.accounts.surname")


def former_surnames_forget(proved: AccountLink, company: GasCompany, surname: str) -> None:
    """Let former surnames open the other links of an account no more; `surname`: the present one's hash.

    The holder of `proved` has just shown to have the account under this one: a former surname that
    billing gives back says less than that.
    """
    links = AccountLink.objects.holders_of(company, proved.account_number)
    for link in links.exclude(pk=proved.pk).select_for_update().order_by("pk"):
        link.surname_hash = surname if surname in _hashes(link) else ""
        link.former_surname_hash = ""
        link.save(update_fields=["surname_hash", "former_surname_hash"])


def _hashes(link: AccountLink) -> tuple[str, str]:
    return link.surname_hash, link.former_surname_hash


def surname_changes_handle(company: GasCompany, *, account_number: str = "") -> int:
    """Close the links of accounts whose surname billing has changed, open those of a former one again.

    Their holders are written to. Handles all changes that wait, or those of one account, and returns how
    many; the company's schema is entered. A kill at any line leaves the row, and the next run repeats it.
    """
    if account_number:
        # All at once: a second look would wait for changes while it holds the links.
        return _handle_some(company, account_number)
    handled = 0
    while batch := _handle_some(company):
        handled += batch
    return handled


@transaction.atomic
def _handle_some(company: GasCompany, account_number: str = "") -> int:
    waiting = SurnameChange.objects.order_by("pk")
    if account_number:
        # The caller needs these done: it waits for another worker that has them in hand.
        changes = waiting.select_for_update().filter(account_number=account_number)
    else:
        changes = waiting.select_for_update(skip_locked=True)[:BATCH]
    taken = list(changes)
    numbers = {change.account_number for change in taken}
    links = AccountLink.objects.holders_of(company, *numbers)
    locked = list(links.prefetch_related("subscriber").select_for_update().order_by("pk"))
    # After the lock: of two workers with changes of one account, the later one sees the last surname.
    surnames = _surnames(company, numbers)
    for link in locked:
        is_same = surnames.get(link.account_number) in _hashes(link)
        if is_same and link.unconfirmed_since:
            _open_again(link, company)
        elif not is_same and not link.unconfirmed_since:
            _unconfirm(link, company)
    _note_last(taken)
    SurnameChange.objects.filter(pk__in=[change.pk for change in taken]).delete()
    return len(taken)


def _note_last(changes: list[SurnameChange]) -> None:
    """Keep the day of each account's last change: proofs that are older count no more (proofs.py)."""
    latest = {
        change.account_number: change.changed_at
        for change in sorted(changes, key=lambda one: one.changed_at)
    }
    LastSurnameChange.objects.bulk_create(
        [
            LastSurnameChange(account_number=number, changed_at=moment)
            for number, moment in sorted(latest.items())
        ],
        update_conflicts=True,
        unique_fields=["account_number"],
        update_fields=["changed_at"],
    )


def _surnames(company: GasCompany, numbers: Collection[str]) -> dict[str, str]:
    accounts = PersonalAccount.objects.filter(account_number__in=numbers)
    return {account.account_number: surname_hash(company, account) for account in accounts}


def _unconfirm(link: AccountLink, company: GasCompany) -> None:
    link.unconfirmed_since = timezone.now()
    link.save(update_fields=["unconfirmed_since"])
    link_unconfirmed.send(AccountLink, link=link)
    _notify(link, company, "account_surname_changed", f"{company.url}/cabinet/{link.pk}/confirm/")


def _open_again(link: AccountLink, company: GasCompany) -> None:
    link.unconfirmed_since = None
    link.save(update_fields=["unconfirmed_since"])
    _notify(link, company, "account_surname_restored", f"{company.url}/cabinet/{link.pk}/")


def _notify(link: AccountLink, company: GasCompany, kind: str, url: str) -> None:
    subscriber_notify(
        subscriber=link.subscriber,
        kind=kind,
        account_number=link.account_number,
        context={"company_name": company.name, "account_number": link.account_number, "url": url},
    )
