from collections.abc import Iterator

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models import AccountLink, Subscriber
from portal.formats.text import clean_text, fold, printed
from portal.staff.models import StaffUser
from tenants.models import GasCompany
from tenants.office.search import Found


def last_used_link(
    subscriber: Subscriber, company: GasCompany, *, own: bool = False
) -> AccountLink | None:
    """Return the account that the person opened last in this company, or the newest one.

    `own`: not one in which the person is a delegate.
    """
    links = subscriber.account_links.in_force().filter(company=company)
    if own:
        links = links.holders()
    # NULLS LAST: PostgreSQL puts an account that was never opened first.
    return links.order_by(F("last_used_at").desc(nulls_last=True), "-created_at").first()


def subscribers_linked(company: GasCompany) -> int:
    """Count the people who have an account of the company in their cabinet."""
    links = AccountLink.objects.holders().filter(company=company)
    return links.values("subscriber").distinct().count()


def accounts_found(user: StaffUser, typed: str) -> Iterator[Found]:
    """Yield the companies in which somebody has an account of this number, and nothing about it.

    For the office's search, of what is in public. The index of links begins with the company.
    """
    if not any(sign.isdecimal() for sign in typed):
        return
    numbers = {form(typed) for form in (clean_text, fold, printed)}
    found = (
        AccountLink.objects.of_number(*numbers)
        .order_by("company__name")
        .values_list("company_id", "company__name")
        .distinct()
    )
    for number, name in found:
        yield Found(
            kind=_("Лицевой счёт"),
            title=name,
            url=reverse("tenants_gascompany_modeladmin_inspect", args=[number]),
            hint=str(_("в\u00a0этой компании есть счёт с\u00a0таким номером")),
        )
