"""What a payment page is made of besides the sums, and the payment that its form begins."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.starting import FormUsed, payment_start
from cabinet.payments.models import Payment, PaymentTexts, Shop
from cabinet.payments.page.sums import PaymentSums, keys_of_form
from cabinet.payments.registry import NoShop, gateway_of_company, shop_of_company
from cms_pages.models import CompanyRequisites
from tenants.models import GasCompany


class NotTaken(Exception):
    """The provider surely has no such payment: nothing was paid, and another try is right."""


@dataclass(frozen=True)
class Chosen:
    """What a valid form of the page asks for; ₽."""

    form_key: UUID
    principal: Decimal
    penalty: Decimal
    method: str
    email: str
    is_exempt: bool


@dataclass(frozen=True)
class Payer:
    """Who pays: a person by a link of the cabinet, or a guest."""

    channel: str
    subscriber_id: UUID | None = None
    link_id: UUID | None = None


@dataclass(frozen=True)
class Begun:
    """The payment of a form. `is_new`: the form has come for the first time."""

    payment: Payment
    is_new: bool


@dataclass(frozen=True)
class Checkout:
    """The company's shop as the page needs it. `limits`: ₽ of one payment, by method."""

    shop: Shop
    limits: dict[str, tuple[Decimal, Decimal]]
    recipient: str
    texts: PaymentTexts

    @property
    def methods(self) -> list[str]:
        """Return the methods that are offered, the usual one first."""
        some = [Payment.Method.CARD]
        if self.shop.takes_sbp:
            some.append(Payment.Method.SBP)
            if self.shop.shows_sbp_qr:
                some.append(Payment.Method.SBP_QR)
        return [str(one) for one in some]

    @property
    def is_exemption_offered(self) -> bool:
        """Return whether the page can let the commission go: the bank's is the bank's to let go."""
        return self.shop.commission_collector == Shop.Collector.PORTAL

    def commission(self, credited: Decimal, *, is_exempt: bool) -> Decimal:
        return self.shop.commission_of(credited, is_exempt=is_exempt and self.is_exemption_offered)

    def sent(self, credited: Decimal, *, is_exempt: bool) -> Decimal:
        """Return what the provider is asked for."""
        by_portal = self.shop.commission_collector == Shop.Collector.PORTAL
        return credited + (self.commission(credited, is_exempt=is_exempt) if by_portal else 0)


def payment_texts() -> PaymentTexts:
    """Return the texts of the company whose schema is entered; empty ones where none are stored."""
    return PaymentTexts.objects.filter(site__is_default_site=True).first() or PaymentTexts()


def checkout_of_company() -> Checkout | None:
    """Return the shop of the company whose schema is entered; None where no payments are taken.

    Neither without a shop that is on nor without complete requisites: whom would one pay?
    """
    requisites = CompanyRequisites.objects.filter(site__is_default_site=True).first()
    shop = shop_of_company()
    try:
        gateway = gateway_of_company()
    except NoShop:
        return None
    if shop is None or requisites is None or not requisites.is_complete:
        return None
    return Checkout(
        shop=shop,
        limits=gateway.limits,
        recipient=requisites.legal_name,
        texts=payment_texts(),
    )


def payment_begin(
    *,
    account: PersonalAccount,
    checkout: Checkout,
    sums: PaymentSums,
    chosen: Chosen,
    payer: Payer,
) -> Begun:
    """Begin the payment that a form asks for, and ask the provider for it. Over the network.

    The same form sent again is the same payment. Sent with other sums, or after its payment was canceled,
    as by way of «Назад», it is another one, and again one however often it is sent.

    Raises NoShop, NotTaken, FormUsed for one that is open, and RequestInvalid of the gateway.
    """
    tries = (
        _started(account, checkout, sums, chosen, payer, key)
        for key in keys_of_form(chosen.form_key)
    )
    payment = next((one for one in tries if one), None)
    if payment is None:
        raise NotTaken
    is_new = payment.sent_at is None
    payment = payment_send(payment)
    if payment.state == Payment.State.FAILED:
        raise NotTaken
    return Begun(payment, is_new)


def _started(
    account: PersonalAccount,
    checkout: Checkout,
    sums: PaymentSums,
    chosen: Chosen,
    payer: Payer,
    form_key: UUID,
) -> Payment | None:
    """Return the payment of a form's key; None where the key's payment has ended without money."""
    try:
        payment = payment_start(
            account=account,
            principal=chosen.principal,
            penalty=chosen.penalty,
            method=chosen.method,
            channel=payer.channel,
            form_key=form_key,
            email=chosen.email,
            subscriber_id=payer.subscriber_id,
            link_id=payer.link_id,
            is_exempt=chosen.is_exempt and checkout.is_exemption_offered,
            paid_for=paid_for(checkout, sums),
        )
    except FormUsed as used:
        if used.payment.is_open or used.payment.account_id != account.pk:
            raise
        return None
    return payment if payment.is_open or payment.state == Payment.State.SUCCEEDED else None


def paid_for(checkout: Checkout, sums: PaymentSums) -> dict[str, object]:
    """Return what the page has shown, as it is stored with the payment."""
    return {
        "recipient": checkout.recipient,
        "period": sums.period.isoformat() if sums.period else "",
        "as_of": sums.as_of.isoformat() if sums.as_of else "",
        "owed_principal": f"{sums.owed_principal:.2f}",
        "owed_penalty": f"{sums.owed_penalty:.2f}",
        "services": [
            {"name": one.service_name, "total": f"{one.total:.2f}"} for one in sums.services
        ],
    }


def address_after(payment: Payment, site: str = "") -> str:
    """Return where the payer goes now: to the provider, or to the payment's page.

    `site`: the address of the account's company, where this host is another company's.
    """
    is_redirected = payment.state == Payment.State.PENDING and payment.confirmation_url
    if is_redirected and payment.method != Payment.Method.SBP_QR:
        return payment.confirmation_url
    return f"{site}{reverse('payments:result', args=[payment.return_key])}"


def service_words(company: GasCompany) -> dict[str, str]:
    """Return what manuals 1 and 2 call the parts of the form."""
    if company.kind == GasCompany.Kind.CAPITAL_REPAIR:
        return {"principal": "Взнос на капитальный ремонт", "penalty": "Пеня"}
    return {"principal": "Сумма по услугам", "penalty": "Сумма пеней"}
