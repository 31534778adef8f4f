"""«Забыли пароль?»: from a typed address to a letter, without telling whether anybody has the address."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cabinet.subscribers.models import RecoveryRequest, Subscriber, TemporaryPassword
from cabinet.subscribers.recovery.passwords import temporary_password_make
from cabinet.subscribers.sessions import subscriber_lock
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.outbox import enqueue_on_commit
from tenants.models import GasCompany

TASK = "cabinet.subscribers.tasks.recovery_answer"


@transaction.atomic
def recovery_ask(
    *, company: GasCompany, email: str = "", phone: str = "", account_number: str = ""
) -> None:
    """Keep what was typed for a worker. `account_number`: only if the person has it at this company."""
    request = RecoveryRequest.objects.create(
        company=company, email=email, phone=phone, account_number=account_number
    )
    enqueue_on_commit(TASK, request.pk)


@transaction.atomic
def recovery_answer(*, request_id: int) -> None:
    """Write the temporary password to its owner, in the company's schema; forget the request."""
    request = (
        RecoveryRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
    )
    if request is None:
        return
    subscriber = _person(request)
    locked = subscriber_lock(subscriber.pk) if subscriber else None
    password = temporary_password_make(locked) if locked else None
    if locked and password:
        company = request.company
        message_send(
            kind="temporary_password",
            recipient=request.email or request.phone,
            channel=Message.Channel.EMAIL if request.email else Message.Channel.SMS,
            person=locked.pk,
            context={
                "company_name": company.name,
                "password": password,
                "minutes": settings.TEMPORARY_PASSWORD_MINUTES,
                "url": f"{company.url}/cabinet/login/",
            },
        )
    request.delete()


def recoveries_waiting(company: GasCompany) -> list[int]:
    """What the broker lost or a killed worker left, of this company, oldest first."""
    long_ago = timezone.now() - datetime.timedelta(seconds=15)
    waiting = RecoveryRequest.objects.filter(company=company, created_at__lt=long_ago)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:200])


def temporary_passwords_forget() -> int:
    """Delete those whose pause is over too. Returns how many."""
    day_ago = timezone.now() - datetime.timedelta(days=1)
    return TemporaryPassword.objects.filter(created_at__lt=day_ago).delete()[0]


def _person(request: RecoveryRequest) -> Subscriber | None:
    wanted = {"email": request.email} if request.email else {"phone": request.phone}
    people = Subscriber.objects.filter(**wanted)
    if request.account_number:
        people = people.filter(
            account_links__company=request.company,
            account_links__account_number=request.account_number,
        )
    return people.first()
