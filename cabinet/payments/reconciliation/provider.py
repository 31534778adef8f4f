"""Our ledger beside the provider's lists: payments and refunds, each by its number. Calls the network."""

import dataclasses
import datetime
from collections.abc import Iterator

from cabinet.payments.base import NotThere, PaymentGateway, ProviderPayment, ProviderRefund
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import IN_FLIGHT, Difference, Payment, Refund
from cabinet.payments.reconciliation.days import Days
from cabinet.payments.reconciliation.findings import OF_PROVIDER, UUID, Found, Kind
from cabinet.payments.refunds.sums import OPEN
from cabinet.payments.refunds.syncing import refund_sync
from portal.connection import current_schema

# A payment may be captured long after it was created; the list goes by creation.
LATE = datetime.timedelta(days=3)
_PART = 500
_OF_STATUS = {
    "pending": (Payment.State.PENDING, Payment.State.UNKNOWN, Payment.State.CREATED),
    "waiting": (Payment.State.PENDING, Payment.State.UNKNOWN, Payment.State.CREATED),
    "succeeded": (Payment.State.SUCCEEDED,),
    "canceled": (Payment.State.CANCELED, Payment.State.FAILED),
}
_OF_REFUND = {
    "pending": OPEN,
    "succeeded": (Refund.State.SUCCEEDED,),
    "canceled": (Refund.State.CANCELED, Refund.State.FAILED),
}


def provider_compare(gateway: PaymentGateway, day: Days) -> list[Found]:
    """Compare the payments and refunds of a day and of those before it, and all that is open."""
    begin, end = day[0] - LATE, day[1]
    found = list(_payments(gateway, begin, end))
    found += _refunds(gateway, begin, end)
    return found


def _payments(
    gateway: PaymentGateway, begin: datetime.datetime, end: datetime.datetime
) -> Iterator[Found]:
    listed = {one.id: _slim(one) for one in gateway.payments_between(begin, end)}
    ours = Payment.objects.filter(provider=gateway.code, shop_id=gateway.shop_id)
    within = ours.filter(created_at__gte=begin, created_at__lt=end)
    captured = ours.filter(paid_at__gte=begin, paid_at__lt=end)
    open_ones = Difference.objects.filter(closed_at=None, kind__in=OF_PROVIDER, refund=None)
    wanted = {
        *within.values_list("pk", flat=True),
        *captured.values_list("pk", flat=True),
        *open_ones.exclude(payment=None).values_list("payment_id", flat=True),
    }
    for number in open_ones.filter(payment=None).values_list("provider_id", flat=True):
        if number not in listed and (one := _payment_get(gateway, number)):
            listed[number] = one
    seen = set()
    for part in _parts(list(listed.values())):
        known = _known(part)
        for theirs in part:
            payment = known.get(theirs.id) or known.get(theirs.metadata.get("payment_id", ""))
            if payment is None:
                yield from _lost(theirs)
            else:
                seen.add(payment.pk)
                yield from _pair(gateway, payment, theirs)
    for pk in sorted(wanted - seen):
        yield from _not_listed(gateway, Payment.objects.get(pk=pk))


def _slim(theirs: ProviderPayment) -> ProviderPayment:
    """Leave out what nothing is compared with: a large company's days have a hundred thousand payments."""
    order = theirs.raw.get("payment_order")
    return dataclasses.replace(theirs, raw={"payment_order": order} if order else {})


def _known(part: list[ProviderPayment]) -> dict[str, Payment]:
    """Return our payments by the provider's number and by our own."""
    rows = Payment.objects.filter(provider_id__in=[one.id for one in part])
    named = [one.metadata.get("payment_id", "") for one in part]
    by_own = Payment.objects.filter(payment_id__in=[one for one in named if _is_uuid(one)])
    return {str(one.provider_id): one for one in rows} | {
        str(one.payment_id): one for one in by_own
    }


def _pair(gateway: PaymentGateway, payment: Payment, theirs: ProviderPayment) -> Iterator[Found]:
    """Compare one of ours with the provider's; both are asked for anew where the states differ."""
    if payment.state not in _OF_STATUS[theirs.status]:
        payment = payment_sync(payment.pk)
        theirs = _payment_get(gateway, theirs.id) or theirs
    facts = {"theirs": theirs.status, "ours": payment.state}
    about = f"payment:{payment.pk}"
    if payment.provider_id not in (None, theirs.id):
        # Two of the provider's for one of ours: only one of them may have taken money.
        if theirs.status == "succeeded":
            yield _not_here(theirs, {"double_of": payment.pk})
        return
    if payment.amount != theirs.amount:
        yield Found(
            Kind.OTHER_SUM,
            about,
            payment=payment,
            provider_id=theirs.id,
            ours=payment.amount,
            theirs=theirs.amount,
            facts=facts,
        )
    if payment.state not in _OF_STATUS[theirs.status]:
        yield Found(
            Kind.OTHER_STATE,
            about,
            payment=payment,
            provider_id=theirs.id,
            ours=payment.amount,
            theirs=theirs.amount,
            facts=facts,
        )


def _lost(theirs: ProviderPayment) -> Iterator[Found]:
    """Report money that the shop took and we have no row of. What took none is not missed.

    A shop that several companies share lists the others' payments too.
    """
    company = theirs.metadata.get("company", "")
    if theirs.status in ("succeeded", "waiting") and company in ("", current_schema()):
        yield _not_here(theirs, {"is_ours": bool(theirs.metadata.get("payment_id"))})


def _not_here(theirs: ProviderPayment, facts: dict[str, object]) -> Found:
    order = theirs.raw.get("payment_order") or {}
    number = order.get("account_number") or order.get("unified_account_number") or ""
    return Found(
        Kind.NOT_HERE,
        f"payment:{theirs.id}",
        provider_id=theirs.id,
        theirs=theirs.amount,
        facts={
            "status": theirs.status,
            "payment_id": theirs.metadata.get("payment_id", ""),
            "account_number": str(number or order.get("service_id") or ""),
            "created_at": theirs.created_at.isoformat(),
            **facts,
        },
    )


def _not_listed(gateway: PaymentGateway, payment: Payment) -> Iterator[Found]:
    """Ask for one that the list does not have: by its number, or in general by `payment_sync`."""
    if payment.state in IN_FLIGHT:
        payment = payment_sync(payment.pk)
    if not payment.provider_id:
        return  # never sent, or the provider surely has none
    theirs = _payment_get(gateway, payment.provider_id)
    if theirs is not None:
        yield from _pair(gateway, payment, theirs)
    elif payment.state != Payment.State.FAILED:
        yield Found(
            Kind.NOT_THERE,
            f"payment:{payment.pk}",
            payment=payment,
            provider_id=payment.provider_id,
            ours=payment.amount,
            facts={"ours": payment.state},
        )


def _payment_get(gateway: PaymentGateway, number: str) -> ProviderPayment | None:
    try:
        return gateway.payment_get(number)
    except NotThere:
        return None


# --- refunds --------------------------------------------------------------------------------------


def _refunds(
    gateway: PaymentGateway, begin: datetime.datetime, end: datetime.datetime
) -> Iterator[Found]:
    listed = {one.id: one for one in gateway.refunds_between(begin, end)}
    open_ones = Difference.objects.filter(
        closed_at=None, kind__in=OF_PROVIDER, facts__is_refund=True
    )
    for number in open_ones.exclude(provider_id="").values_list("provider_id", flat=True):
        if number not in listed and (one := _refund_get(gateway, number)):
            listed[number] = one
    ours = Refund.objects.filter(
        payment__provider=gateway.code, payment__shop_id=gateway.shop_id
    ).exclude(state=Refund.State.WAITING)
    wanted = {
        *ours.filter(created_at__gte=begin, created_at__lt=end).values_list("pk", flat=True),
        *open_ones.exclude(refund=None).values_list("refund_id", flat=True),
    }
    seen = set()
    for theirs in listed.values():
        refund = _refund_of(theirs)
        if refund is None:
            yield from _refund_lost(theirs)
        else:
            seen.add(refund.pk)
            yield from _refund_pair(gateway, refund, theirs)
    for pk in sorted(wanted - seen):
        yield from _refund_not_listed(gateway, Refund.objects.get(pk=pk))


def _refund_of(theirs: ProviderRefund) -> Refund | None:
    if known := Refund.objects.filter(provider_id=theirs.id).first():
        return known
    named = theirs.metadata.get("refund_id", "")
    return Refund.objects.filter(refund_id=named).first() if _is_uuid(named) else None


def _refund_pair(
    gateway: PaymentGateway, refund: Refund, theirs: ProviderRefund
) -> Iterator[Found]:
    if refund.state not in _OF_REFUND[theirs.status]:
        refund = refund_sync(refund.pk)
        theirs = _refund_get(gateway, theirs.id) or theirs
    for kind, differs in (
        (Kind.OTHER_SUM, refund.amount != theirs.amount),
        (Kind.OTHER_STATE, refund.state not in _OF_REFUND[theirs.status]),
    ):
        if differs:
            yield _of_refund(kind, refund, theirs)


def _of_refund(kind: Kind, refund: Refund, theirs: ProviderRefund | None) -> Found:
    return Found(
        kind,
        f"refund:{refund.pk}",
        payment=refund.payment,
        refund=refund,
        provider_id=theirs.id if theirs else refund.provider_id or "",
        ours=refund.amount,
        theirs=theirs.amount if theirs else None,
        facts={
            "is_refund": True,
            "ours": refund.state,
            "theirs": theirs.status if theirs else "",
        },
    )


def _refund_lost(theirs: ProviderRefund) -> Iterator[Found]:
    """Report a refund that was made past the portal, in the provider's own office, of a payment of ours."""
    payment = Payment.objects.filter(provider_id=theirs.payment_id).first()
    if payment is None or theirs.status != "succeeded":
        return
    yield Found(
        Kind.NOT_HERE,
        f"refund:{theirs.id}",
        payment=payment,
        provider_id=theirs.id,
        theirs=theirs.amount,
        facts={
            "is_refund": True,
            "status": theirs.status,
            "created_at": theirs.created_at.isoformat(),
        },
    )


def _refund_not_listed(gateway: PaymentGateway, refund: Refund) -> Iterator[Found]:
    if refund.state in OPEN:
        refund = refund_sync(refund.pk)
    if not refund.provider_id:
        return
    theirs = _refund_get(gateway, refund.provider_id)
    if theirs is not None:
        yield from _refund_pair(gateway, refund, theirs)
    else:
        yield _of_refund(Kind.NOT_THERE, refund, None)


def _refund_get(gateway: PaymentGateway, number: str) -> ProviderRefund | None:
    try:
        return gateway.refund_get(number)
    except NotThere:
        return None


def _is_uuid(text: str) -> bool:
    return bool(UUID.fullmatch(text))


def _parts(rows: list[ProviderPayment]) -> Iterator[list[ProviderPayment]]:
    for begin in range(0, len(rows), _PART):
        yield rows[begin : begin + _PART]
