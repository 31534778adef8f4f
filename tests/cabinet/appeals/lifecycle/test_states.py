"""An appeal from its sending to its end: states, clock, files, and what may follow what."""

import datetime
import uuid

import pytest

from cabinet.appeals.counters import appeals_late, appeals_open
from cabinet.appeals.exceptions import AppealChanged, AppealOver
from cabinet.appeals.lifecycle import by_subscriber as subscriber
from cabinet.appeals.lifecycle.by_staff import appeal_note, appeal_transfer
from cabinet.appeals.lifecycle.closing import appeals_close
from cabinet.appeals.lifecycle.holding import (
    appeal_lock,
    appeal_release,
    appeal_take,
    appeal_take_next,
)
from cabinet.appeals.models import Appeal, AppealFile
from cabinet.outgoing.models import ExportPending
from portal.audit.actions import TITLES
from portal.audit.models import AuditEntry
from tests.cms_pages.conftest import make_centre
from tests.support.appeals import answered, make_file, make_kind, opened


def again(appeal: Appeal) -> Appeal:
    return Appeal.objects.get(pk=appeal.pk)


def actions() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="appeal.").order_by("pk")
    return [one.action.removeprefix("appeal.") for one in found]


def local(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.timezone(datetime.timedelta(hours=3))).isoformat()[:16]


def test_the_whole_way(pskov, owner, account, kind, anna, clock):
    """The clock stands while the subscriber's answer is awaited, and begins anew with a new question."""
    clock.at("2026-12-01T12:00")  # a Tuesday
    appeal = opened(owner, account, kind=kind)
    assert (appeal.state, local(appeal.due_at)) == ("new", "2026-12-04T18:00")
    clock.at("2026-12-02T10:00")
    assert appeal_take(appeal_pk=appeal.pk, actor=anna).state == "in_work"

    asked = answered(appeal, anna, "Какой у вас счётчик?", outcome="waiting")
    assert (asked.state, asked.due_at, asked.time_left) == ("waiting", None, 26 * 3600)
    assert asked.is_unread and not asked.has_news
    clock.at("2026-12-14T17:00")  # the other Monday
    mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk}
    replied = subscriber.appeal_ask(**mine, text="ВК G4", form_key=uuid.uuid4())
    assert (replied.state, local(replied.due_at)) == ("in_work", "2026-12-17T16:00")
    assert replied.has_news and replied.time_left is None

    clock.at("2026-12-18T09:00")
    done = answered(appeal, anna)
    assert (done.state, done.is_late, done.answered_at is not None) == ("answered", True, True)
    subscriber.appeal_read(**mine)
    assert not again(appeal).is_unread

    rated = subscriber.appeal_rate(**mine, is_solved=False, mark=2, comment="Не тот счётчик")
    assert (rated.state, rated.is_solved, rated.mark) == ("in_work", False, 2)
    assert local(rated.due_at) == "2026-12-23T18:00"
    assert rated.messages.latest("pk").text == "Не тот счётчик"
    assert subscriber.appeal_rate(**mine, is_solved=False).messages.count() == 4  # the form again
    with pytest.raises(AppealChanged):
        answered(appeal, anna, seen=0)
    assert answered(appeal, anna).is_solved is None
    closed = subscriber.appeal_rate(**mine, is_solved=True, mark=5)
    assert (closed.state, closed.mark, closed.closed_at is not None) == ("done", 5, True)
    assert (
        subscriber.appeal_ask(**mine, text="Ещё вопрос", form_key=uuid.uuid4()).state == "in_work"
    )
    assert again(appeal).closed_at is None

    assert actions() == [
        *("open", "take", "answer", "ask", "answer", "rate", "answer", "rate", "ask"),
    ]
    assert {f"appeal.{one}" for one in actions()} <= set(TITLES)
    noted = ExportPending.objects.filter(kind="appeals", object_id=appeal.pk)
    assert noted.count() == len(actions())  # each of them has changed the state
    with pytest.raises(Appeal.DoesNotExist):
        subscriber.appeal_ask(
            **mine | {"subscriber_id": uuid.uuid4()}, text="", form_key=uuid.uuid4()
        )


def test_withdrawn(pskov, owner, account, kind, anna):
    appeal = opened(owner, account)
    mine = {"appeal_pk": appeal.pk, "subscriber_id": owner.pk}
    assert subscriber.appeal_withdraw(**mine).state == "withdrawn"
    assert subscriber.appeal_withdraw(**mine).due_at is None
    for refused in (
        lambda: subscriber.appeal_ask(**mine, text="Вы тут?", form_key=uuid.uuid4()),
        lambda: subscriber.appeal_rate(**mine, is_solved=True, mark=5),
    ):
        with pytest.raises(AppealOver):
            refused()
    with pytest.raises(AppealChanged) as raised:
        answered(appeal, anna)
    assert raised.value.news == [] and raised.value.appeal.state == "withdrawn"
    other = opened(owner, account)
    answered(other, anna)
    with pytest.raises(AppealOver):
        subscriber.appeal_withdraw(**mine | {"appeal_pk": other.pk})


def test_an_answer_to_what_has_changed(pskov, owner, account, kind, anna, boris):
    """A colleague's note changes nothing; his answer and the subscriber's words do."""
    appeal = opened(owner, account)
    appeal_note(appeal_pk=appeal.pk, actor=boris, text="Звонила дважды", form_key=uuid.uuid4())
    note = appeal.messages.get()
    assert answered(appeal, anna, seen=0).state == "answered"
    with pytest.raises(AppealChanged) as raised:
        answered(appeal, boris, seen=note.pk)
    assert [one.author_name for one in raised.value.news] == ["anna"]
    assert again(appeal).messages.count() == 2
    key = uuid.uuid4()
    for _ in range(2):  # the same form, twice
        answered(appeal, boris, "Добавлю: возьмите паспорт.", form_key=key, outcome="done")
    assert again(appeal).messages.count() == 3 and again(appeal).state == "done"


def test_files_come_with_their_form(pskov, owner, stranger, account, kind, anna):
    key, answer = uuid.uuid4(), uuid.uuid4()
    make_file(None, form_key=key, subscriber_id=owner.pk, name="mine.txt")
    make_file(None, form_key=key, subscriber_id=stranger.pk, name="theirs.txt")
    appeal = opened(owner, account, form_key=key)
    assert opened(owner, account, form_key=key).pk == appeal.pk
    make_file(None, form_key=answer, by_staff="anna", name="akt.txt")
    make_file(None, form_key=answer, subscriber_id=owner.pk, name="not-anna.txt")
    answered(appeal, anna, form_key=answer)
    note = uuid.uuid4()
    make_file(None, form_key=note, by_staff="anna", name="scan.txt")
    appeal_note(appeal_pk=appeal.pk, actor=anna, text="Скан", form_key=note)
    attached = AppealFile.objects.exclude(appeal=None).order_by("name")
    assert [(one.name, one.message is None, one.is_internal) for one in attached] == [
        ("akt.txt", False, False),
        ("mine.txt", True, False),
        ("scan.txt", False, True),
    ]


def test_the_centre_that_answers(pskov, owner, account, kind, anna):
    """The kind's comes before the account's, and another one may get it."""
    theirs, of_kind = make_centre("805"), make_centre("other", name="Островский")
    account.service_centre = "805"
    assert opened(owner, account).centre == theirs
    appeal = opened(owner, account, kind=make_kind("Договор", centre=of_kind))
    assert appeal.centre == of_kind and opened(None).centre is None
    appeal_take(appeal_pk=appeal.pk, actor=anna)
    moved = appeal_transfer(appeal_pk=appeal.pk, actor=anna, centre=theirs, reason="Это их район")
    assert (moved.centre, moved.state, moved.assigned_to) == (theirs, "new", None)
    assert moved.due_at == appeal.due_at
    assert AuditEntry.objects.get(action="appeal.transfer").details["reason"] == "Это их район"


def test_who_has_it(pskov, owner, account, kind, anna, boris, clock):
    clock.at("2026-12-01T12:00")
    late, soon = (opened(owner, account, kind=make_kind(f"{term}", term=term)) for term in (9, 2))
    clock.at("2026-12-04T12:00")
    assert (appeals_open(pskov), appeals_late(pskov)) == (2, 1)
    clock.at("2026-12-01T12:00")
    assert appeal_take_next(actor=anna).pk == soon.pk
    assert appeal_take_next(actor=anna).pk == late.pk
    assert appeal_take_next(actor=anna) is None
    assert appeal_release(appeal_pk=late.pk, actor=anna).state == "new"
    assert appeal_take(appeal_pk=soon.pk, actor=boris).assigned_to == boris
    assert appeal_lock(appeal_pk=soon.pk, actor=anna).locked_by == anna
    assert appeal_lock(appeal_pk=soon.pk, actor=boris).locked_by == anna
    assert appeal_lock(appeal_pk=soon.pk, actor=boris, force=True).locked_by == boris
    clock.at("2026-12-01T12:11")
    assert appeal_lock(appeal_pk=soon.pk, actor=anna).locked_by == anna
    assert actions()[2:] == ["take", "take", "release", "take", "takeover"]


def test_what_nobody_comes_back_to_is_closed(pskov, owner, account, kind, anna, clock):
    clock.at("2026-12-01T12:00")
    answer, question, fresh = (opened(owner, account) for _ in range(3))
    answered(answer, anna)
    answered(question, anna, outcome="waiting")
    clock.at("2026-12-20T12:00")
    answered(fresh, anna)
    assert appeals_close() == 0
    clock.at("2027-01-01T12:00")
    assert appeals_close() == 2
    assert [again(one).state for one in (answer, question, fresh)] == ["done", "done", "answered"]
    assert again(question).is_unread
    assert appeals_close() == 0
