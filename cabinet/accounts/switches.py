"""Switches of «Подписки»: one for each account of the person, of whatever company."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.http import SubscriberRequest
from cabinet.subscribers.models import AccountLink, Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

# Of these accounts of the entered company the ones that may be switched, and whether they are on.
Asked = Callable[[UUID, list[str]], dict[str, bool]]


@dataclass(frozen=True)
class AccountSwitch:
    link: AccountLink
    is_on: bool


def account_switches(
    person: Subscriber, asked: Asked, *, kind: str | None = None
) -> list[AccountSwitch]:
    """Each company is asked in its own schema; one that cannot be asked now is left out, and so are
    links that wait for a proof. `kind`: only of companies of this kind."""
    links = person.account_links.filter(unconfirmed_since=None)
    if kind:
        links = links.filter(company__kind=kind)
    by_company: dict[GasCompany, list[AccountLink]] = {}
    for link in links.select_related("company").prefetch_related("company__domains"):
        by_company.setdefault(link.company, []).append(link)
    switches = []
    for company, some in by_company.items():
        if company_can_serve(company):
            with in_company(company):
                states = asked(person.pk, [one.account_number for one in some])
            switches += [
                AccountSwitch(one, states[one.account_number])
                for one in some
                if one.account_number in states
            ]
    return switches


def account_switch(
    request: SubscriberRequest, link_id: UUID, switch: Callable[[PersonalAccount, bool], str]
) -> None:
    """POST `on` is yes or no. `switch` runs in the schema of the account's company and says what has
    become, with %(number)s in it; a GET, after a login, changes nothing.

    Raises Http404 for anybody else's link and for one that waits for a proof.
    """
    if request.method != "POST":
        return
    links = request.subscriber.account_links.select_related("company")
    link = get_object_or_404(links, pk=link_id, unconfirmed_since=None)
    if not company_can_serve(link.company):
        messages.warning(request, _("Сайт этой компании сейчас закрыт. Попробуйте позже."))
        return
    with in_company(link.company):
        account = get_object_or_404(PersonalAccount, account_number=link.account_number)
        said = switch(account, request.POST.get("on") == "yes")
    messages.success(request, said % {"number": link.account_number})
