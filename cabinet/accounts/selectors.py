"""Reads around accounts: how many, one state of billing's tables, where and about what to write to us."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess, account_of
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.typed import is_name
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.selectors import last_used_link
from cms_pages.centres.models import ServiceCentre
from cms_pages.centres.usage import LIMIT, Usage
from cms_pages.pages.form_sender import FormSender
from cms_pages.selectors import contact_addresses
from portal.connection import connection
from portal.formats.text import clean_text, fold, number_key, printed
from tenants.models import GasCompany

# A finder returns one line about what the page has shown, of what this person may see: nothing of others.
Finder = Callable[[AccountAccess, UUID, str], str]

_finders: dict[str, Finder] = {}


def accounts_open(company: GasCompany) -> int:
    """Return how many accounts of the company, whose schema is entered, are not closed."""
    return PersonalAccount.objects.filter(closed_on=None).count()


def account_named(number: str) -> PersonalAccount | None:
    """Return the account that a typed number means, with or without its dashes, spaces and leading zeros.

    Of several that differ in those alone, the one that it names most exactly; None where it is none of them.
    """
    found = list(PersonalAccount.objects.filter(number_key=number_key(number)))
    for form in (clean_text, fold, printed, number_key):
        same = [one for one in found if form(one.account_number) == form(number)]
        if len(same) == 1:
            return same[0]
    return None


@contextmanager
def billing_snapshot() -> Iterator[None]:
    """Read one state of the database inside: during an import the old figures or the new ones.

    Nothing can be written. Inside a transaction of the caller it is that transaction, whose level cannot
    be changed any more.
    """
    if connection.in_atomic_block:
        yield
        return
    # A cursor sets the search path: inside, it would be lost with a rolled-back transaction.
    connection.cursor().close()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@dataclass(frozen=True)
class WayToWrite:
    """A link to the company; `contacts` is its page of contacts, where `address` is another one."""

    address: str
    label: str
    contacts: str = ""


def appeal_address(link: AccountLink, source: str = "", about: str = "") -> str:
    """Return the address of a new appeal about the account; "" for delegates, who write none.

    `source` is the section that the link stands in, `about` what it shows: they go along.
    """
    if link.delegation_id:
        return ""
    came_from = {"from": source, "object": about}
    said = urlencode({name: value for name, value in came_from.items() if value})
    return f"{reverse('appeals:new', args=[link.pk])}?{said}".rstrip("?")


def way_to_write(
    request: HttpRequest, link: AccountLink, source: str = "", about: str = ""
) -> WayToWrite | None:
    """Return a new appeal, as above; for delegates the form of the company's site, or its contacts.

    Only an appeal is called one: an answer to a form has no history here (manual 1, 2.2.1 and 2.2.2).
    """
    contacts, form = contact_addresses(request)
    if appeal := appeal_address(link, source, about):
        return WayToWrite(appeal, _("Создать обращение"), contacts)
    if form:
        return WayToWrite(form, _("Написать нам"), contacts)
    return WayToWrite(contacts, _("Как с нами связаться")) if contacts else None


def form_sender_of(sender: Any, request: HttpRequest, **_: Any) -> FormSender | None:
    """Return who is logged in, with the account that was opened last (a receiver of `sender_asked`).

    An account that has to be proved again is not named.
    """
    subscriber = getattr(request, "subscriber", None)
    if subscriber is None:
        return None
    link = last_used_link(subscriber, request.tenant, own=True)  # type: ignore[attr-defined]
    account = account_of(link) if link and not link.unconfirmed_since else None
    if account is None or account.has_new_owner:  # type: ignore[attr-defined]
        return FormSender(
            key=subscriber.pk, email=subscriber.email or "", phone=subscriber.phone or ""
        )
    return FormSender(
        key=subscriber.pk,
        name=" ".join(filter(is_name, [account.first_name, account.patronymic])),
        email=subscriber.email or "",
        phone=subscriber.phone or "",
        account_number=account.account_number,
    )


def subject_register(source: str, finder: Finder) -> None:
    """Let a section say what it shows; `source` is its name in the address of the new appeal."""
    _finders[source] = finder


def subject_of(source: str, access: AccountAccess, person: UUID, about: str) -> str:
    """Return what the section `source` says about `about`, or an empty string."""
    finder = _finders.get(source)
    return finder(access, person, about) if finder else ""


def account_said(access: AccountAccess, person: UUID, about: str) -> str:
    """Return the account itself, for the page «Информация»."""
    return f"Лицевой счёт №\u00a0{access.account.account_number}, {access.account.address}"


def accounts_of_centre(centre: ServiceCentre) -> Usage:
    """Count the accounts that billing gives to a centre: it names the centre by its code."""
    served = PersonalAccount.objects.filter(service_centre=centre.code)
    return Usage(
        label=_("Лицевые счета, которые он обслуживает"),
        count=served[: LIMIT + 1].count() if centre.code else 0,
        after=_("абоненты больше не увидят свой центр"),
    )
