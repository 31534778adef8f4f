"""The section «Начисления и платежи» (manual 1, 2.2.4) and a fund's «История платежей» (manual 2, 3.5.2)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from cabinet.accounts.access import AccountAccess, Right, access_account
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.as_of import files_as_of
from cabinet.billing.history.charges import MONTHS_PAGE, charges_content, charges_shown
from cabinet.billing.history.chart import sums_bars
from cabinet.billing.history.payments import PAYMENTS_PAGE, payments_content, payments_shown
from cabinet.billing.selectors import account_bills
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.formats.tables import file_response
from tenants.models import GasCompany


@subscriber_required
def charges(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the months of the account with their totals, and a chart of them."""
    with billing_snapshot():  # for the sum due in the header too, which is read when it is rendered
        access = access_account(request, link_id, Right.READ)
        shown = charges_shown(access.account, request.GET, account_bills(access.account))
        context = {
            "access": access,
            "tab": "charges",
            "shown": shown,
            "page": Paginator(shown.rows, MONTHS_PAGE).get_page(request.GET.get("page")),
            "bars": sums_bars(shown.months),
            "as_of": files_as_of().get("charges.csv"),
        }
        return render(request, "cabinet/billing/history/charges.html", context)


@subscriber_required
def payments(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the payments of the account with their total."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        shown = payments_shown(access.account, request.GET, by_year=_is_fund(request))
        context = {
            "access": access,
            "tab": "payments",
            "shown": shown,
            "page": Paginator(shown.payments, PAYMENTS_PAGE).get_page(request.GET.get("page")),
            "as_of": files_as_of().get("payments.csv"),
        }
        return render(request, "cabinet/billing/history/payments.html", context)


@subscriber_required
def charges_file(request: SubscriberRequest, link_id: UUID, form: str) -> HttpResponse:
    """Serve the months by the search of the page, as `csv` or `xlsx`."""

    def content(access: AccountAccess, asked: Mapping[str, Any]) -> bytes | None:
        shown = charges_shown(access.account, asked)
        return None if shown.form.errors else charges_content(shown, form)

    return _file(request, link_id, form, content, page="billing:charges", name="nachisleniya")


@subscriber_required
def payments_file(request: SubscriberRequest, link_id: UUID, form: str) -> HttpResponse:
    """Serve the payments by the search of the page, as `csv` or `xlsx`."""

    def content(access: AccountAccess, asked: Mapping[str, Any]) -> bytes | None:
        shown = payments_shown(access.account, asked, by_year=_is_fund(request))
        return None if shown.form.errors else payments_content(shown, form)

    return _file(request, link_id, form, content, page="billing:payments", name="platezhi")


def _file(
    request: SubscriberRequest,
    link_id: UUID,
    form: str,
    content: Callable[[AccountAccess, Mapping[str, Any]], bytes | None],
    *,
    page: str,
    name: str,
) -> HttpResponse:
    """Serve a file; a search that makes no sense leads to the page, which says so."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        if form not in ("csv", "xlsx"):
            raise Http404
        made = content(access, request.GET)
    if made is None:
        return HttpResponseRedirect(
            f"{reverse(page, args=[access.link.pk])}?{request.GET.urlencode()}"
        )
    return file_response(made, f"{name}-{access.account.account_number}.{form}")


def _is_fund(request: SubscriberRequest) -> bool:
    return request.tenant.kind == GasCompany.Kind.CAPITAL_REPAIR
