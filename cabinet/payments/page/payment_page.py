"""The payment page of one account, in the cabinet or for a guest: opened, shown, sent."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.payments.base import RequestInvalid
from cabinet.payments.lifecycle.starting import FormUsed
from cabinet.payments.models import Payment
from cabinet.payments.page.checkout import (
    Checkout,
    NotTaken,
    Payer,
    checkout_of_company,
    payment_begin,
    payment_texts,
    service_words,
)
from cabinet.payments.page.forms import PaymentForm
from cabinet.payments.page.limits import payment_counted, payment_needs_captcha
from cabinet.payments.page.sums import PaymentSums, payment_sums
from cabinet.payments.registry import NoShop
from cms_pages.selectors import company_phone
from tenants.http import TenantRequest
from tenants.models import GasCompany

log = structlog.get_logger(__name__)

_NOT_TAKEN = gettext_lazy(
    "Платёжный сервис сейчас не принимает платёж. Деньги не списаны. Попробуйте через несколько минут."
)
_NOT_PREPARED = gettext_lazy(
    "Не получилось подготовить платёж. Деньги не списаны. Позвоните нам, телефон внизу страницы."
)


@dataclass
class PaymentPage:
    """What the page of an account shows. Without `checkout` no payments are taken, and there is no form."""

    account: PersonalAccount
    company: GasCompany
    sums: PaymentSums
    checkout: Checkout | None
    form: PaymentForm | None

    def context(self) -> dict[str, Any]:
        """Return what the templates need, read while the company's schema is entered."""
        return {
            "account": self.account,
            "payee": self.company,
            "sums": self.sums,
            "checkout": self.checkout,
            "form": self.form,
            "code": self.form.amounts if self.form else self.sums.prefilled,
            "texts": self.checkout.texts if self.checkout else payment_texts(),
            "call": company_phone(),
        }


def page_of(
    request: TenantRequest,
    account: PersonalAccount,
    *,
    company: GasCompany,
    for_guest: bool = False,
    own: frozenset[str] = frozenset(),
    initial: dict[str, Any] | None = None,
) -> PaymentPage:
    """Return the page of an account, whose company's schema is entered, with what the request has typed."""
    checkout = checkout_of_company()
    hidden = for_guest and not company.is_gas
    sums = payment_sums(
        account,
        form_key=_key_of(request),
        for_guest=for_guest,
        are_shown=not hidden or bool(checkout and checkout.shop.shows_sums_to_guests),
        own=own,
    )
    form = None
    if checkout:
        form = PaymentForm(
            request.POST or None,
            sums=sums,
            checkout=checkout,
            words=service_words(company),
            needs_captcha=payment_needs_captcha(request, account.pk),
            initial=initial,
        )
    return PaymentPage(account, company, sums, checkout, form)


def payment_tried(request: TenantRequest, page: PaymentPage, payer: Payer) -> Payment | None:
    """Begin what the form asks for; None where it says what is wrong, or that it did not work."""
    form, checkout = page.form, page.checkout
    if form is None or checkout is None or not form.is_valid():
        return None
    is_first = not Payment.objects.filter(form_key=form.chosen.form_key).exists()
    if is_first and not payment_counted(request, page.account.pk) and form.ask_captcha():
        return None
    try:
        begun = payment_begin(
            account=page.account,
            checkout=checkout,
            sums=page.sums,
            chosen=form.chosen,
            payer=payer,
        )
    except FormUsed:
        _ask_about_first(page)
    except NoShop:
        page.checkout = page.form = None
    except NotTaken:
        form.renew_key()
        form.add_error(None, _NOT_TAKEN)
    except RequestInvalid as error:
        log.error("a payment could not be prepared", reason=error.reason)
        form.add_error(None, _NOT_PREPARED)
    else:
        if begun.is_new and not is_first:
            payment_counted(request, page.account.pk)
        return begun.payment
    return None


def _ask_about_first(page: PaymentPage) -> None:
    """Show the payment that the same form has begun, and ask whether another one is meant."""
    if page.form is None or page.checkout is None:
        return
    with billing_snapshot():
        found = payment_sums(page.account, for_guest=page.sums.for_guest)
    page.sums = replace(page.sums, in_flight=found.in_flight)
    page.form = PaymentForm(
        {**page.form.data, "form_key": str(uuid4())},
        sums=page.sums,
        checkout=page.checkout,
        words=service_words(page.company),
        initial=dict(page.form.initial),
    )
    if page.form.is_valid():
        page.form.add_error(
            None, _("Страница устарела. Проверьте платёж и нажмите кнопку ещё раз.")
        )


def _key_of(request: TenantRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None
