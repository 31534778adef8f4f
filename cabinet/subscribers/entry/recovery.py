"""Recovery of a password by a temporary one, without telling whether the contact is known.

A temporary password is for one login within an hour, beside the person's own.
"""

import datetime
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from cabinet.subscribers.contacts import Kind
from cabinet.subscribers.models import RecoveryRequest, Subscriber, TemporaryPassword
from cabinet.subscribers.notify import page_address
from cabinet.subscribers.sessions import subscriber_lock
from portal.connection import current_schema
from portal.formats.text import number_key
from portal.jobs import job_enqueue, job_run, jobs_sweep
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.secrets import keyed_hash, new_word
from tenants.models import GasCompany

# Without signs that look alike on paper or in a letter: 31 signs, ten of them are 49 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 10
_NOBODY = uuid.UUID(int=0)
# Unused passwords are sent ever more rarely. The longest pause is not longer than a password is good, so
# its owner always has a good one, however often others ask.
PAUSES = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 20, 55)]


@transaction.atomic
def recovery_ask(
    *, company: GasCompany, email: str = "", phone: str = "", account_number: str = ""
) -> None:
    """Store a request for a worker; with `account_number` it must be the person's at this company."""
    request = RecoveryRequest.objects.create(
        company=company, email=email, phone=phone, account_number=account_number
    )
    job_enqueue(request)


def recovery_answer(*, request_id: int) -> bool:
    """Send a temporary password to its owner, and delete the request. The company's schema is entered."""
    return job_run(RecoveryRequest.objects.all(), request_id, _answer, in_transaction=True)


def recoveries_sweep() -> int:
    """Enqueue the requests of the entered company whose task was lost."""
    return jobs_sweep(RecoveryRequest.objects.filter(company__schema_name=current_schema()))


def recoveries_forget() -> int:
    """Delete requests that were given up. Returns how many."""
    return RecoveryRequest.objects.filter(due_at=None).delete()[0]


def temporary_password_make(subscriber: Subscriber, *, sent_to: Kind) -> str | None:
    """Return a new one as «abcde-23456», or None while the last one is too young.

    In a transaction that holds `subscriber_lock`. Earlier ones stay good to their end: the letter that
    arrives first need not be the one that was sent last.
    """
    now = timezone.now()
    recent = subscriber.temporary_passwords.filter(
        created_at__gt=now - datetime.timedelta(days=1), used_at=None
    ).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[: len(PAUSES) + 1])
    longest = PAUSES[min(len(times), len(PAUSES)) - 1] if times else datetime.timedelta(0)
    if times and now - times[0] < min(longest, _lifetime()):
        return None
    password = new_word(ALPHABET, LENGTH)
    TemporaryPassword.objects.create(
        subscriber=subscriber,
        sent_to=sent_to,
        password_hash=_hash(password),
        created_at=now,
        expires_at=now + _lifetime(),
    )
    return f"{password[:5]}-{password[5:]}"


def temporary_password_take(subscriber: Subscriber | None, typed: str) -> TemporaryPassword | None:
    """Use up the person's temporary password and return it; None if this is none.

    Costs the same for an unknown person. Of two logins at once one takes it.
    """
    wanted = _hash("".join(sign for sign in typed.lower() if sign.isalnum()))
    now = timezone.now()
    live = TemporaryPassword.objects.filter(
        subscriber_id=subscriber.pk if subscriber else _NOBODY, used_at=None, expires_at__gt=now
    )
    for one in live:
        if constant_time_compare(one.password_hash, wanted):
            return one if live.filter(pk=one.pk).update(used_at=now) == 1 else None
    return None


def temporary_passwords_forget() -> int:
    """Delete those whose pause is over too. Returns how many."""
    day_ago = timezone.now() - datetime.timedelta(days=1)
    return TemporaryPassword.objects.filter(created_at__lt=day_ago).delete()[0]


def _answer(request: RecoveryRequest) -> None:
    subscriber = _person(request)
    locked = subscriber_lock(subscriber.pk) if subscriber else None
    sent_to: Kind = "email" if request.email else "phone"
    password = temporary_password_make(locked, sent_to=sent_to) if locked else None
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
                "url": page_address(company, "login"),
            },
        )


def _lifetime() -> datetime.timedelta:
    return datetime.timedelta(minutes=settings.TEMPORARY_PASSWORD_MINUTES)


def _hash(password: str) -> str:
    return keyed_hash(password, purpose="cabinet.subscribers.recovery")


def _person(request: RecoveryRequest) -> Subscriber | None:
    wanted = {"email": request.email} if request.email else {"phone": request.phone}
    person = Subscriber.objects.filter(**wanted).first()
    if person and request.account_number:
        links = person.account_links.holders().filter(company=request.company)
        key = number_key(request.account_number)
        if all(number_key(link.account_number) != key for link in links):
            return None
    return person
