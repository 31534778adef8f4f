"""Whatever happens in whatever order: clock, state and what billing gets fit together."""

import datetime
import itertools
import uuid
from unittest import mock

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.appeals.exceptions import AppealChanged, AppealOver
from cabinet.appeals.lifecycle import by_subscriber as subscriber
from cabinet.appeals.lifecycle import holding
from cabinet.appeals.lifecycle.by_staff import appeal_note, appeal_transfer
from cabinet.appeals.lifecycle.closing import appeals_close
from cabinet.appeals.models import OPEN, Appeal
from cabinet.notifications.models import Notification
from cabinet.outgoing.models import ExportPending
from cabinet.subscribers.models import UnreadCount
from portal.audit.models import AuditEntry
from tests.support.appeals import answered, opened

STEPS = {
    "answer": lambda one, who, anna: answered(one, anna),
    "answer blindly": lambda one, who, anna: answered(one, anna, seen=0),
    "finish": lambda one, who, anna: answered(one, anna, outcome="done"),
    "ask back": lambda one, who, anna: answered(one, anna, outcome="waiting"),
    "take": lambda one, who, anna: holding.appeal_take(appeal_pk=one.pk, actor=anna),
    "take next": lambda one, who, anna: holding.appeal_take_next(actor=anna),
    "release": lambda one, who, anna: holding.appeal_release(appeal_pk=one.pk, actor=anna),
    "lock": lambda one, who, anna: holding.appeal_lock(appeal_pk=one.pk, actor=anna),
    "note": lambda one, who, anna: appeal_note(
        appeal_pk=one.pk, actor=anna, text="Заметка", form_key=uuid.uuid4()
    ),
    "transfer": lambda one, who, anna: appeal_transfer(
        appeal_pk=one.pk, actor=anna, centre=None, reason="Не наше"
    ),
    "ask": lambda one, who, anna: subscriber.appeal_ask(
        **who, text="А когда?", form_key=uuid.uuid4()
    ),
    "solved": lambda one, who, anna: subscriber.appeal_rate(**who, is_solved=True, mark=5),
    "not solved": lambda one, who, anna: subscriber.appeal_rate(**who, is_solved=False, mark=1),
    "withdraw": lambda one, who, anna: subscriber.appeal_withdraw(**who),
    "read": lambda one, who, anna: subscriber.appeal_read(**who),
    "close": lambda one, who, anna: appeals_close(),
}
steps = st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from([0, 1, 20, 200, 1000]))


def check(appeal: Appeal, before: Appeal | None) -> None:
    state = appeal.state
    if state in OPEN:
        assert appeal.due_at is not None and appeal.time_left is None
    if state == "waiting":
        assert appeal.due_at is None and appeal.time_left is not None and appeal.time_left >= 0
    if state not in (*OPEN, "waiting"):
        assert appeal.time_left is None
    assert (appeal.closed_at is not None) == (state in ("done", "withdrawn"))
    assert (appeal.state == "in_work") <= (appeal.assigned_to_id is not None)
    if state in ("answered", "waiting"):
        assert not appeal.has_news
    if before and before.state == "withdrawn":
        assert state == "withdrawn"


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, min_size=3, max_size=14))
def test_any_sequence(pskov, owner, account, link, kind, anna, sequence):
    now = timezone.now()
    with mock.patch.object(timezone, "now", side_effect=lambda: now), transaction.atomic():
        appeal = opened(owner, account)
        mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk}
        states = ["new"]
        for name, hours in sequence:
            now += datetime.timedelta(hours=hours)
            before = Appeal.objects.get(pk=appeal.pk)
            log = AuditEntry.objects.count()
            try:
                STEPS[name](appeal, mine, anna)
            except (AppealOver, AppealChanged):
                assert Appeal.objects.filter(pk=appeal.pk).values().get() == vars_of(before)
                assert AuditEntry.objects.count() == log
            after = Appeal.objects.get(pk=appeal.pk)
            check(after, before)
            states.append(after.state)
        changes = sum(first != second for first, second in itertools.pairwise(states))
        assert ExportPending.objects.filter(kind="appeals").count() == 1 + changes
        unread = Notification.objects.filter(subscriber_id=owner.pk, read_at=None).count()
        assert sum(UnreadCount.objects.values_list("count", flat=True)) == unread
        transaction.set_rollback(True)


def vars_of(appeal: Appeal) -> dict[str, object]:
    return {field.attname: getattr(appeal, field.attname) for field in Appeal._meta.fields}
