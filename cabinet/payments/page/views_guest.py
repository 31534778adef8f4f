"""Payment without registration (manual 1, 2.1.2.3; manual 2, 3.2): of any region, served from this host."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from cabinet.accounts.guest.finder import GuestService
from cabinet.accounts.guest.found import SENT, FoundAccount
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.payments.models import Payment
from cabinet.payments.page.checkout import Payer, address_after
from cabinet.payments.page.http import forms_lead_to, payment_page
from cabinet.payments.page.payment_page import PaymentPage, page_of, payment_tried
from cabinet.subscribers.http import CabinetRequest, back_shows_answers
from cms_pages.stored.frame import render_framed
from portal.secrets import secret_cookie_set
from tenants.http import TenantRequest
from tenants.models import GasCompany
from tenants.schemas import in_company

# The payment that this browser has begun last: its page leads back to the bank.
_BEGUN, _PATH = "guest_payment", "/guest/payment/"

PAYMENT = GuestService(
    name="payment",
    kinds=frozenset(map(str, GasCompany.Kind)),
    start="payments:guest",
    account="payments:guest_pay",
    template="cabinet/payments/guest/find.html",
    form_template="cabinet/payments/guest/lookup_form.html",
    refusal=lambda _: "",  # the debt of a closed account can be paid
)


@back_shows_answers
def find(request: CabinetRequest) -> HttpResponse:
    """Find an account, by POST; its page is `pay`."""
    return PAYMENT.start_page(request)


@payment_page
@back_shows_answers
def pay(request: CabinetRequest, key: str) -> HttpResponse:
    """Show what a found account is to pay; after a POST that is accepted, lead to the payment provider."""
    found = PAYMENT.found(request, key)
    if found is None:
        return PAYMENT.expired_page(request)
    # Of another region the answer may be the payment's page, on that company's host.
    site = "" if found.company == request.tenant else found.company.url
    with in_company(found.company):
        with billing_snapshot():
            account = PersonalAccount.objects.filter(pk=found.account_pk).first()
            if account is None:
                return PAYMENT.expired_page(request)
            own = frozenset({request.COOKIES.get(_BEGUN, "")})
            page = page_of(request, account, company=found.company, for_guest=True, own=own)
        if request.method == "POST":
            payment = payment_tried(request, page, Payer(str(Payment.Channel.GUEST)))
            if payment:
                response = PAYMENT.redirect(found, address_after(payment, site))
                secret_cookie_set(response, _BEGUN, payment.return_key, SENT, path=_PATH)
                return response
        response = _show(request, found, page, site)
    return forms_lead_to(response, site) if site else response


@never_cache
def remember(request: TenantRequest, key: str) -> HttpResponse:
    """Remember the account on this device, and lead back to it."""
    found = PAYMENT.found(request, key)
    if found is None:
        return PAYMENT.expired_page(request)
    return PAYMENT.remember(request, found, "")


@never_cache
def forget(request: TenantRequest) -> HttpResponse:
    """Forget the region and number that this device remembers."""
    return PAYMENT.forget(request)


def _show(
    request: TenantRequest, found: FoundAccount, page: PaymentPage, site: str
) -> HttpResponse:
    context = {
        "found": found,
        "site": site,
        "is_remembered": PAYMENT.remembers(request, found),
        "lookup_form": PAYMENT.found_form(request, found, is_change=True),
        **page.context(),
    }
    return render_framed(request, "cabinet/payments/guest/pay.html", context)
