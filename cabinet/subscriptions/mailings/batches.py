"""Mailings: something that is told to many subscribers, written in batches, once.

A batch is one transaction: its notifications, its messages and the cursor. So a kill at any line leaves
neither twice nor left out; a restart loses the lease of a worker that still has the old one, whose batch is
rolled back. Sending is the outbox's (`portal.messaging`).
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from cabinet.notifications.kinds import WITHOUT_MAIL
from cabinet.notifications.services import Notice, notify_many
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.models import Mailing, Subscription
from portal.connection import current_schema
from portal.jobs import JobPostponed, job_enqueue, job_renew, job_restart, job_run, jobs_sweep
from portal.messaging.models import Message
from portal.messaging.services import messages_drop
from tenants.models import GasCompany

log = structlog.get_logger(__name__)

BATCH = 500

State = Mailing.State
# Makes of some subscriptions what is told to their people; who is not to hear of it is left out.
Write = Callable[[Mailing, Sequence[Subscription]], list[Notice]]


class NotPossible(Exception):
    """The mailing is in another state than its page showed; the text says which."""


@transaction.atomic
def mailing_begin(
    *, kind: str, key: str, title: str, started_by: str = "", due_at: object = None
) -> tuple[Mailing, bool]:
    """Begin a mailing, once: of two at the same moment, the second gets the first one's row and False.

    One that has not written to anybody yet is looked at again, because it may wait for its data.
    """
    about = {"title": title, "started_by": started_by, "due_at": due_at or timezone.now()}
    mailing, is_new = Mailing.objects.get_or_create(kind=kind, key=key, defaults=about)
    if is_new:
        job_enqueue(mailing)
        return mailing, True
    mailing_look_again(kind=kind, key=key)
    return Mailing.objects.get(pk=mailing.pk), False


@transaction.atomic
def mailing_look_again(*, kind: str, key: str) -> None:
    """Let a mailing that has written to nobody yet look once more whether what it waits for is there."""
    mailing = Mailing.objects.select_for_update().filter(kind=kind, key=key).first()
    if mailing and mailing.state in {State.WAITING, State.RUNNING} and mailing.cursor is None:
        job_restart(mailing)


def mailing_run(
    pk: UUID, write: Write, *, waits_for: Callable[[Mailing], str] = lambda mailing: ""
) -> bool:
    """Work off a mailing from where it was left; return whether it came to its end.

    One that waits for something waits until it is begun again, or looks again.
    """

    def work(mailing: Mailing) -> dict[str, object]:
        if mailing.cursor is None and (reason := waits_for(mailing)):
            return {"state": State.WAITING, "waits_for": reason}
        while _may_write() and _batch(mailing, write):
            pass
        log.info("mailing written", mailing=str(mailing.pk), people=mailing.people)
        return {"state": State.DONE, "finished_at": timezone.now()}

    return job_run(Mailing.objects.all(), pk, work)


def _may_write() -> bool:
    """Return True. Raises JobPostponed when the company was suspended meanwhile: its mailing waits."""
    active = GasCompany.objects.filter(status=GasCompany.Status.ACTIVE)
    if not active.filter(schema_name=current_schema()).exists():
        raise JobPostponed(timezone.now())
    return True


@transaction.atomic
def _batch(mailing: Mailing, write: Write) -> bool:
    """Write to the next subscribers; return whether there were any.

    Their rows are locked: who unsubscribes meanwhile waits, and then finds the message that is to be dropped.
    """
    rows = Subscription.objects.filter(kind=mailing.kind)
    if mailing.cursor:
        rows = rows.filter(pk__gt=mailing.cursor)
    rows = rows.select_related("account", "address").order_by("pk")
    batch = list(rows.select_for_update(of=("self",), no_key=True)[:BATCH])
    if not batch:
        return False
    notices = write(mailing, batch)
    notify_many(notices)
    # The attempts are those of one batch: only one that never comes to its end is given up.
    people = mailing.people + len(notices)
    job_renew(mailing, cursor=batch[-1].pk, people=people, attempts=0)
    return True


def notice_ways(subscription: Subscription, person: Subscriber) -> dict[str, Any]:
    """Return `address` or `channels` of a notice: no letter where it is unwanted, refused, unconfirmed.

    Nor an SMS in its place: telephones are chosen apart from letters.
    """
    address = subscription.address
    has_address = bool(address.confirmed_at) if address else bool(person.email)
    if not subscription.by_mail or subscription.refused_at or not has_address:
        return {"channels": WITHOUT_MAIL}
    return {"address": address.address if address else ""}


@transaction.atomic
def mailing_stop(pk: UUID) -> Mailing:
    """Stop a mailing: the batch that is being written is rolled back. Raises NotPossible.

    What is written already is sent.
    """
    mailing = Mailing.objects.select_for_update().get(pk=pk)
    if mailing.state not in {State.WAITING, State.RUNNING}:
        raise NotPossible(mailing.get_state_display())
    Mailing.objects.filter(pk=pk).update(state=State.STOPPED, due_at=None, claimed_at=None)
    return mailing


@transaction.atomic
def mailing_continue(pk: UUID) -> Mailing:
    """Resume a mailing that was stopped or given up, from where it was left. Raises NotPossible."""
    mailing = Mailing.objects.select_for_update().get(pk=pk)
    if mailing.state not in {State.STOPPED, State.FAILED}:
        raise NotPossible(mailing.get_state_display())
    Mailing.objects.filter(pk=pk).update(state=State.WAITING)
    return job_restart(mailing)


@transaction.atomic
def mailing_withdraw(pk: UUID) -> int:
    """Delete what a mailing has written and nobody has begun to send; return how many messages.

    Those people are not written to again. Raises NotPossible while it is still being written.
    """
    mailing = Mailing.objects.select_for_update().get(pk=pk)
    if mailing.state not in {State.STOPPED, State.FAILED, State.DONE}:
        raise NotPossible(mailing.get_state_display())
    return messages_drop(Message.objects.filter(mailing=pk))


def mailings_sweep() -> None:
    """Enqueue what a lost broker or a killed worker left."""
    jobs_sweep(Mailing.objects.all())
