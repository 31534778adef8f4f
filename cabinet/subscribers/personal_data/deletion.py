"""Deletion of an account: requested with the password, cancellable for some days, then done everywhere."""

import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from cabinet.subscribers.consents.documents import Kind as DocumentKind
from cabinet.subscribers.consents.documents import document_of
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import PersonJob, Subscriber
from cabinet.subscribers.notify import page_address, subscriber_notify
from cabinet.subscribers.personal_data.parts import parts
from cabinet.subscribers.sessions import sessions_end, subscriber_lock
from portal.http.addresses import RequestOrigin
from tenants.legal.selectors import legal_number
from tenants.models import GasCompany

Kind, State, Reason = PersonJob.Kind, PersonJob.State, PersonJob.Reason
_RULES = {
    str(Reason.ASKED): "account_deletion_days",
    str(Reason.CONSENT): "consent_withdrawal_days",
}


class DeletionTooLate(Exception):
    """The deletion has begun, or there is none: nothing can be cancelled."""


def deletion_days(reason: str, company: GasCompany) -> int:
    """Return the days in which a deletion can be cancelled. Raises LegalValueMissing."""
    return int(legal_number(_RULES[reason], timezone.localdate(), company))


@transaction.atomic
def deletion_ask(
    *, subscriber: Subscriber, company: GasCompany, reason: str = Reason.ASKED
) -> PersonJob | None:
    """Set the day, end all logins and write to the person. Of two requests the earlier day counts.

    None if the person is deleted already.
    """
    locked = subscriber_lock(subscriber.pk)
    if locked is None:
        return None
    job = deletion_of(locked)
    due_at = timezone.now() + datetime.timedelta(days=deletion_days(reason, company))
    if job is None:
        job = PersonJob(
            kind=Kind.DELETION,
            state=State.WAITING,
            reason=reason,
            person=locked.pk,
            company=company,
            due_at=due_at,
        )
    day = locked.deletion_due_at or due_at
    if job.state == State.WAITING and due_at <= day:
        job.due_at = day = due_at
        job.save()
    locked.deletion_due_at = day
    locked.save(update_fields=["deletion_due_at"])
    sessions_end(subscriber=locked)
    subscriber_notify(
        subscriber=locked,
        kind="deletion_asked",
        context={
            "company_name": company.name,
            "day": timezone.localdate(day),
            "reason": job.reason,
            "url": page_address(company, "login"),
        },
    )
    return job


@transaction.atomic
def deletion_cancel(*, subscriber: Subscriber, company: GasCompany, origin: RequestOrigin) -> None:
    """Cancel the deletion, and say so by letter. Raises DeletionTooLate.

    A withdrawn consent is given anew from this origin; the company's schema is entered.
    """
    locked = subscriber_lock(subscriber.pk)
    job = deletion_of(locked) if locked else None
    if locked is None or job is None or job.state != State.WAITING:
        raise DeletionTooLate
    job.state, job.due_at, job.finished_at = State.CANCELLED, None, timezone.now()
    job.save(update_fields=["state", "due_at", "finished_at"])
    if job.reason == Reason.CONSENT:
        document = document_of(DocumentKind.CONSENT, company)
        consents_give(
            subscriber=locked,
            documents=[document] if document else [],
            company=company,
            origin=origin,
        )
    locked.deletion_due_at = None
    locked.save(update_fields=["deletion_due_at"])
    subscriber_notify(
        subscriber=locked,
        kind="deletion_cancelled",
        context={"company_name": company.name, "url": page_address(company, "recover")},
    )


def deletion_of(subscriber: Subscriber) -> PersonJob | None:
    """Return the person's deletion that waits for its day or is being done."""
    unfinished = PersonJob.objects.filter(
        person=subscriber.pk, kind=Kind.DELETION, state__in=[State.WAITING, State.RUNNING]
    )
    return unfinished.first()


def deletion_begin(job: PersonJob) -> None:
    """End all access: a password that is being typed at this moment is refused."""
    locked = subscriber_lock(job.person)
    if locked is not None:
        locked.password = make_password(None)
        locked.save(update_fields=["password"])
        locked.temporary_passwords.all().delete()
        locked.contact_changes.all().delete()
        sessions_end(subscriber=locked)


def deletion_step(job: PersonJob) -> None:
    """Take the person out of the company whose schema is entered."""
    for part in parts(in_public=False):
        part.delete(job.person)


def deletion_finish(job: PersonJob) -> dict[str, Any]:
    """Delete the person in public, with their copies, after a last letter."""
    locked = subscriber_lock(job.person)
    if locked is not None:
        for part in parts(in_public=True):
            part.delete(job.person)
        # The files go with the next sweep: no row names them any more.
        PersonJob.objects.filter(person=job.person, kind=Kind.EXPORT).delete()
        company_name = job.company.name if job.company else ""
        subscriber_notify(
            subscriber=locked, kind="deletion_done", context={"company_name": company_name}
        )
        locked.delete()
    return {}
