"""Connecting an autopay, and changing it."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.locks import access_hold
from cabinet.payments.autopay.consent import autopay_consent
from cabinet.payments.autopay.stopping import schedule
from cabinet.payments.base import RequestInvalid
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.starting import payment_start
from cabinet.payments.models import AutoPayment, Payment
from cabinet.payments.registry import NoShop
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import Consent
from portal.audit.changes import changes_between, row_values
from portal.audit.services import audit_write
from portal.http.addresses import RequestOrigin
from tenants.models import GasCompany

State = AutoPayment.State
SAVING_SUM = Decimal("1.00")
_LOGGED = ("limit", "day", "is_exempt")


class AlreadyConnected(Exception):
    """The account has an autopay: this person's, or that of another holder."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__(is_own)
        self.is_own = is_own


class NothingToPay(Exception):
    """The account is closed."""


@dataclass(frozen=True)
class Terms:
    """What a person chooses: ₽ at most, a day of the month or None for «когда появится квитанция»."""

    limit: Decimal
    day: int | None
    email: str
    is_exempt: bool = False


def autopay_connect(
    *, access: AccountAccess, key: UUID, terms: Terms, company: GasCompany, origin: RequestOrigin
) -> Payment:
    """Note the consent, and begin the payment of 1.00 ₽ that saves the method; `key` is the form's.

    The same form sent again is the same autopay and payment. Raises AlreadyConnected, NothingToPay,
    AccessGone, and what `payment_start` raises.
    """
    autopay = _create(access=access, key=key, terms=terms, company=company, origin=origin)
    try:
        payment = payment_start(
            account=access.account,
            principal=SAVING_SUM,
            penalty=Decimal("0.00"),
            method=Payment.Method.CARD,
            channel=Payment.Channel.CABINET,
            form_key=autopay.pk,
            email=terms.email,
            subscriber_id=access.link.subscriber_id,
            link_id=access.link.pk,
            purpose=Payment.Purpose.SAVING,
        )
    except (NoShop, RequestInvalid):
        _take_back(autopay)
        raise
    return payment_send(payment)


@transaction.atomic
def _take_back(autopay: AutoPayment) -> None:
    """Forget an autopay whose payment cannot begin: it would wait for it in the way of another one."""
    if Payment.objects.filter(form_key=autopay.pk).exists():
        return
    if autopay.consent_id:
        consents = Consent.objects.filter(pk=autopay.consent_id, withdrawn_at=None)
        consents.update(withdrawn_at=timezone.now())
    AutoPayment.objects.filter(pk=autopay.pk, state=State.STARTING).delete()


@transaction.atomic
def _create(
    *, access: AccountAccess, key: UUID, terms: Terms, company: GasCompany, origin: RequestOrigin
) -> AutoPayment:
    account = access_hold(access)
    if account.closed_on:
        raise NothingToPay
    person = access.link.subscriber_id
    there = AutoPayment.objects.filter(account=account).exclude(state=State.OFF).first()
    if there and there.pk == key and there.subscriber_id == person:
        return there
    if there or AutoPayment.objects.filter(pk=key).exists():
        raise AlreadyConnected(is_own=there is None or there.subscriber_id == person)
    (consent,) = consents_give(
        subscriber=access.link.subscriber,
        documents=[autopay_consent(company)],
        company=company,
        origin=origin,
    )
    return AutoPayment.objects.create(
        pk=key,
        subscriber_id=person,
        link_id=access.link.pk,
        account=account,
        limit=terms.limit,
        day=terms.day,
        is_exempt=terms.is_exempt,
        email=terms.email or None,
        consent_id=consent.pk,
    )


@transaction.atomic
def autopay_change(*, autopay: AutoPayment, terms: Terms) -> bool:
    """Change limit, day and address; return whether the autopay was still on.

    What was planned and has not begun is planned anew.
    """
    locked = _lock(AutoPayment.objects.filter(pk=autopay.pk, state=State.ON))
    if locked is None:
        return False
    before = row_values(locked, _LOGGED)
    if locked.day != terms.day:
        locked.day = terms.day
        schedule(locked)
    locked.limit, locked.email = terms.limit, terms.email or None
    locked.is_exempt = terms.is_exempt
    locked.save()
    audit_write(
        actor=None,
        action="autopay.change",
        subject=locked.account.account_number,
        changes=changes_between(before, row_values(locked, _LOGGED)),
    )
    return True


def _lock(autopays: "QuerySet[AutoPayment]") -> AutoPayment | None:
    found: AutoPayment | None = (
        autopays.select_related("account").select_for_update(of=("self",)).first()
    )
    return found
