"""The section «Квитанции» of the cabinet (manual 1, 2.2.5)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour

from cabinet.accounts.access import Right, access_account
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.as_of import charges_as_of
from cabinet.bills.addresses import month_or_404
from cabinet.bills.breakdown import bill_breakdown, year_of_bills
from cabinet.bills.explaining.explanation import bill_explanation
from cabinet.bills.files import bill_response
from cabinet.bills.selectors import bill_document, month_bill
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.limits import RateLimit

# A file is drawn anew each time; all bills of ten years are no more than this.
FILES = RateLimit("bills:file", RateLimitItemPerHour(200))


@subscriber_required
def bills(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Show the bills of a year: of the present one where none is asked for."""
    year = _year(request)
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        context = {
            "access": access,
            "shown": year_of_bills(access.account, year),
            "as_of": charges_as_of(),
        }
        return render(request, "cabinet/bills/list.html", context)


@subscriber_required
def bill(request: SubscriberRequest, link_id: UUID, month: str, number: int) -> HttpResponse:
    """Show what a bill consists of: a page, or the window that the list opens."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        issued = month_or_404(month)
        found = month_bill(access.account, issued, number)
        document = bill_document(access.account, issued, number)
        if found is None or document is None:
            raise Http404
        context = {
            "access": access,
            "breakdown": bill_breakdown(found),
            "document": document,
            "explanation": bill_explanation(access.account, document, masked=access.is_delegate),
            "as_of": document.as_of,
            "today": timezone.localdate(),
        }
        return render(request, "cabinet/bills/bill.html", context)


@subscriber_required
def bill_file(request: SubscriberRequest, link_id: UUID, month: str, number: int) -> HttpResponse:
    """Serve a bill as a PDF; with `copy`, and to a delegate, the one without personal data."""
    with billing_snapshot():
        access = access_account(request, link_id, Right.READ)
        document = bill_document(access.account, month_or_404(month), number)
    if document is None:
        raise Http404
    if not FILES.try_spend(str(request.subscriber.pk), when_down=True):
        messages.warning(request, _("Вы загружаете квитанции очень часто. Попробуйте через час."))
        return redirect("bills:list", link_id)
    return bill_response(document, masked=access.is_delegate or bool(request.GET.get("copy")))


def _year(request: HttpRequest) -> int:
    typed = request.GET.get("year", "")
    if typed.isascii() and typed.isdecimal() and len(typed) == 4 and typed != "0000":
        return int(typed)
    return timezone.localdate().year
