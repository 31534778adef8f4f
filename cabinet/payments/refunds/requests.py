"""«Ошибся счётом»: who has paid asks to have it mended; a cashier answers."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.notifications.services import Notice, notify
from cabinet.payments.models import Payment, RefundRequest
from cabinet.payments.result.notices import payer_link
from cms_pages.selectors import company_phone
from portal.audit.services import audit_write
from portal.staff.models import StaffUser
from tenants.selectors import current_company

ANSWERED = "refund_request_answered"


class RequestExists(Exception):
    """The payment has a request that waits for an answer."""


class RequestAnswered(Exception):
    """Another cashier was faster."""


@transaction.atomic
def request_send(*, payment: Payment, subscriber_id: UUID, text: str) -> RefundRequest:
    """Put a request into the cashiers' queue. The caller has checked who has paid. Raises RequestExists."""
    try:
        with transaction.atomic():
            return RefundRequest.objects.create(
                payment=payment, subscriber_id=subscriber_id, text=text
            )
    except IntegrityError as error:
        raise RequestExists from error


@transaction.atomic
def request_answer(
    *, request_pk: int, is_done: bool, answer: str, actor: StaffUser
) -> RefundRequest:
    """Answer a request, in the bell and by letter. Raises RequestAnswered.

    Money is given back by a refund of its own.
    """
    rows = RefundRequest.objects.select_for_update(of=("self",)).select_related("payment__account")
    asked: RefundRequest = rows.get(pk=request_pk)
    if asked.state != RefundRequest.State.NEW:
        raise RequestAnswered
    asked.state = RefundRequest.State.DONE if is_done else RefundRequest.State.REFUSED
    asked.answer, asked.answered_by = answer, actor.get_username()
    asked.answered_at = timezone.now()
    asked.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    audit_write(
        actor=actor,
        action="refund.answer",
        subject=asked.payment,
        details={"request": asked.pk, "state": asked.state},
    )
    _notify(asked)
    return asked


def _notify(asked: RefundRequest) -> None:
    """Notify the payer, as long as the link to the account is in force."""
    payment, company = asked.payment, current_company()
    link = payer_link(payment, company) if company else None
    if company is None or link is None:
        return
    path = reverse("payments:payment", args=[link.pk, payment.pk])
    notify(
        Notice(
            subscriber=link.subscriber,
            kind=ANSWERED,
            title=_("Ответ о платеже №\u00a0%(number)s") % {"number": payment.pk},
            text=asked.answer,
            path=path,
            account=payment.account,
            context={
                "answer": asked.answer,
                "number": payment.pk,
                "account_number": payment.account.account_number,
                "company_name": company.name,
                "phone": company_phone(),
                "url": f"{company.url}{path}",
            },
        )
    )
