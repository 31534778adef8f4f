"""Who has an appeal: taken, given back, assigned, and who is answering it now."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cabinet.appeals.lifecycle.states import State, appeal_locked, go_to, log
from cabinet.appeals.models import OPEN, Appeal
from portal.staff.models import StaffUser

# Of appeals that nobody has, or only somebody who may not come in any more.
FREE = Q(assigned_to=None) | Q(assigned_to__is_active=False)
# So long an open page of an appeal counts as being answered; the page renews it.
LOCKED_FOR = datetime.timedelta(minutes=10)


def appeal_take(*, appeal_pk: int, actor: StaffUser) -> Appeal:
    """Take an appeal to answer it, from whoever has it."""
    return appeal_assign(appeal_pk=appeal_pk, actor=actor, to=actor)


@transaction.atomic
def appeal_assign(*, appeal_pk: int, actor: StaffUser, to: StaffUser) -> Appeal:
    """Give an appeal to an operator."""
    appeal = appeal_locked(appeal_pk)
    if appeal.assigned_to_id == to.pk and appeal.state != State.NEW:
        return appeal
    _give(appeal, actor, to)
    return appeal


@transaction.atomic
def appeal_release(*, appeal_pk: int, actor: StaffUser) -> Appeal:
    """Give an appeal back to the queue."""
    appeal = appeal_locked(appeal_pk)
    appeal.assigned_to = appeal.locked_by = appeal.locked_until = None
    if appeal.state == State.IN_WORK:
        go_to(appeal, State.NEW, action="release", actor=actor)
    else:
        appeal.save()
        log(appeal, "release", actor)
    return appeal


@transaction.atomic
def appeal_take_next(*, actor: StaffUser, among: Q | None = None) -> Appeal | None:
    """Take the most urgent free appeal, or None. Two operators at once get two appeals.

    `among` limits the choice, as to the operator's centres.
    """
    free = Appeal.objects.filter(among or Q(), FREE, state__in=OPEN)
    locked = free.select_for_update(of=("self",), skip_locked=True)
    appeal: Appeal | None = locked.order_by("due_at", "pk").first()
    if appeal is not None:
        _give(appeal, actor, actor)
    return appeal


@transaction.atomic
def appeal_lock(*, appeal_pk: int, actor: StaffUser, force: bool = False) -> Appeal:
    """Note that an operator is answering; the appeal says who is, if somebody else. `force` takes it over."""
    appeal = appeal_locked(appeal_pk)
    now = timezone.now()
    held = appeal.locked_until is not None and appeal.locked_until > now
    if held and appeal.locked_by_id not in (None, actor.pk) and not force:
        return appeal
    if force and held and appeal.locked_by_id != actor.pk:
        log(appeal, "takeover", actor)
    appeal.locked_by, appeal.locked_until = actor, now + LOCKED_FOR
    appeal.save(update_fields=["locked_by", "locked_until"])
    return appeal


def _give(appeal: Appeal, actor: StaffUser, to: StaffUser) -> None:
    appeal.assigned_to = to
    action = "take" if actor.pk == to.pk else "assign"
    state = State.IN_WORK if appeal.state in OPEN else appeal.state
    if state == appeal.state:
        appeal.save()
        log(appeal, action, actor, to=to.get_username())
    else:
        go_to(appeal, state, action=action, actor=actor, to=to.get_username())
