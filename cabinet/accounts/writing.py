"""Where a person writes to the company about an account («Создать обращение», manual 1, 2.2.1 and 2.2.2)."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cabinet.subscribers.models import AccountLink
from cms_pages.selectors import address_exists, contact_addresses


@dataclass(frozen=True)
class WayToWrite:
    """`contacts`: the page of the company's contacts, where `address` is another one."""

    address: str
    label: str
    contacts: str = ""


def way_to_write(request: HttpRequest, link: AccountLink) -> WayToWrite | None:
    """The section of appeals; without one, the form of the company's site, or whatever its contacts offer.

    Only an appeal is called one: an answer to a form has neither a number nor a history here.
    """
    contacts, form = contact_addresses(request)
    appeals = f"/cabinet/{link.pk}/service-centre/appeals/"
    if address_exists(appeals):
        return WayToWrite(appeals, _("Создать обращение"), contacts)
    if form:
        return WayToWrite(form, _("Написать нам"), contacts)
    return WayToWrite(contacts, _("Как с нами связаться")) if contacts else None
