"""«Удалить аккаунт»: asked with the password, possible to take back for some days, then done everywhere."""

import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from cabinet.subscribers.consents.documents import Kind as DocumentKind
from cabinet.subscribers.consents.documents import document_of
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import PersonJob, Subscriber
from cabinet.subscribers.personal_data.jobs import Work, work_register
from cabinet.subscribers.personal_data.registry import parts
from cabinet.subscribers.sessions import sessions_end, subscriber_lock
from cabinet.subscribers.telling import subscriber_tell
from tenants.legal.selectors import legal_number
from tenants.models import GasCompany

Kind, State, Reason = PersonJob.Kind, PersonJob.State, PersonJob.Reason
_RULES = {
    str(Reason.ASKED): "account_deletion_days",
    str(Reason.CONSENT): "consent_withdrawal_days",
}


class DeletionTooLate(Exception):
    """It has begun, or there is none: nothing can be taken back."""


def deletion_days(reason: str, company: GasCompany) -> int:
    """How long it can be taken back. Raises LegalValueMissing."""
    return int(legal_number(_RULES[reason], timezone.localdate(), company))


@transaction.atomic
def deletion_ask(
    *, subscriber: Subscriber, company: GasCompany, reason: str = Reason.ASKED
) -> PersonJob | None:
    """Set the day, end all logins, and write to the person. Asked again, the earlier day counts.

    None if the person is gone already.
    """
    locked = subscriber_lock(subscriber.pk)
    if locked is None:
        return None
    job = deletion_of(locked)
    due_at = timezone.now() + datetime.timedelta(days=deletion_days(reason, company))
    if job is not None and job.state == State.WAITING and due_at < job.due_at:
        job.due_at = locked.deletion_due_at = due_at
        job.save(update_fields=["due_at"])
        locked.save(update_fields=["deletion_due_at"])
    if job is None:
        job = PersonJob.objects.create(
            kind=Kind.DELETION,
            state=State.WAITING,
            reason=reason,
            person=locked.pk,
            company=company,
            due_at=due_at,
        )
        locked.deletion_due_at = due_at
        locked.save(update_fields=["deletion_due_at"])
    sessions_end(subscriber=locked)
    subscriber_tell(
        subscriber=locked,
        kind="deletion_asked",
        context={
            "company_name": company.name,
            "day": timezone.localdate(job.due_at),
            "reason": job.reason,
            "url": f"{company.url}/cabinet/login/",
        },
    )
    return job


@transaction.atomic
def deletion_cancel(
    *, subscriber: Subscriber, company: GasCompany, host: str, address: str
) -> None:
    """Take it back, and say so by letter. Raises DeletionTooLate.

    Who had withdrawn the consent gives it anew, from this host and IP address; the company's schema is
    entered.
    """
    locked = subscriber_lock(subscriber.pk)
    job = deletion_of(locked) if locked else None
    if locked is None or job is None or job.state != State.WAITING:
        raise DeletionTooLate
    job.state, job.finished_at = State.CANCELLED, timezone.now()
    job.save(update_fields=["state", "finished_at"])
    if job.reason == Reason.CONSENT:
        document = document_of(DocumentKind.CONSENT, company)
        consents_give(
            subscriber=locked,
            documents=[document] if document else [],
            company=company,
            host=host,
            address=address[:45],
        )
    locked.deletion_due_at = None
    locked.save(update_fields=["deletion_due_at"])
    subscriber_tell(
        subscriber=locked,
        kind="deletion_cancelled",
        context={"company_name": company.name, "url": f"{company.url}/cabinet/recover/"},
    )


def deletion_of(subscriber: Subscriber) -> PersonJob | None:
    """The person's deletion that waits for its day or is being done."""
    unfinished = PersonJob.objects.filter(
        person=subscriber.pk, kind=Kind.DELETION, state__in=[State.WAITING, State.RUNNING]
    )
    return unfinished.first()


def _begin(job: PersonJob) -> None:
    """From here on nobody logs in: the password that somebody may be typing now is not theirs."""
    locked = subscriber_lock(job.person)
    if locked is not None:
        locked.password = make_password(None)
        locked.save(update_fields=["password"])
        locked.temporary_passwords.all().delete()
        locked.contact_changes.all().delete()
        sessions_end(subscriber=locked)


def _step(job: PersonJob, company: GasCompany) -> None:
    for part in parts(in_public=False):
        part.delete(job.person)


def _finish(job: PersonJob) -> None:
    locked = subscriber_lock(job.person)
    if locked is None:
        return
    for part in parts(in_public=True):
        part.delete(job.person)
    company_name = job.company.name if job.company else ""
    subscriber_tell(subscriber=locked, kind="deletion_done", context={"company_name": company_name})
    locked.delete()


work_register(Kind.DELETION, Work(begin=_begin, step=_step, finish=_finish, outlives_archive=True))
