"""Applications for connection that are sent and changed many times at once, or killed at any statement."""

import datetime
import os
from collections.abc import Callable
from functools import partial

import pytest
from django.db.models import Model
from django.utils import timezone
from wagtail.models import Site

from cabinet.connection.exceptions import ConnectionChanged
from cabinet.connection.lifecycle import by_applicant, by_staff
from cabinet.connection.lifecycle.forwarding import application_forward
from cabinet.connection.models import (
    ConnectionApplication,
    ConnectionEvent,
    ConnectionPaper,
    ConnectionSettings,
    PaperRequest,
    PaperType,
)
from cabinet.notifications.models import Notification
from cabinet.outgoing.models import ExportPending
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Attachment, Message
from tenants.schemas import in_company
from tests.support.appeals import make_operator
from tests.support.connection import make_application, make_paper
from tests.support.processes import die_before, forked

COPIES = by_applicant.Copies(applicant_name="Ёлкина А. С.", phone="+79115550142")
DAY = datetime.date(2026, 9, 7)
# Each change is a row in all of these, or in none.
WRITTEN: list[type[Model]] = [
    *(ConnectionEvent, PaperRequest, AuditEntry, ExportPending, Message, Attachment, Notification),
]


@pytest.fixture
def draft(pskov, owner) -> ConnectionApplication:
    """A complete draft of a person, for a company that forwards by letter."""
    with in_company(pskov):
        ConnectionSettings.objects.update_or_create(
            site=Site.objects.get(is_default_site=True),
            defaults={
                "is_on": True,
                "recipient": "АО «Газораспределение»",
                "way": "mail",
                "recipient_email": "gro@example.ru",
            },
        )
        application = make_application("draft", subscriber_id=owner.pk)
        for one in PaperType.objects.filter(when="always", is_required=True):
            make_paper(application, paper_type=one)
        return application


def submitted(application):
    return by_applicant.application_submit(application_pk=application.pk, copies=COPIES)


def test_a_form_sent_five_times_and_forwarded_five_times(pskov, draft, at_once):
    assert at_once(*[partial(submitted, draft)] * 5) == []
    with in_company(pskov):
        assert ConnectionEvent.objects.count() == ExportPending.objects.count() == 1
        assert Message.objects.filter(kind="connection_submitted").count() == 1
    forward = partial(application_forward, application_pk=draft.pk)
    assert at_once(*[forward] * 5) == []
    with in_company(pskov):
        assert Message.objects.filter(kind="connection_forward").count() == 1


def test_withdrawn_and_forwarded_at_once(pskov, draft, at_once):
    """Whoever is first: it is withdrawn in the end, and never counts as forwarded after that."""
    with in_company(pskov):
        submitted(draft)
    key = {"application_pk": draft.pk}
    errors = at_once(
        partial(application_forward, **key), partial(by_applicant.application_withdraw, **key)
    )
    assert errors == []
    with in_company(pskov):
        draft.refresh_from_db()
        assert (draft.state, draft.due_at) == ("withdrawn", None)
        assert draft.events.order_by("id").last().state == "withdrawn"


def test_two_operators_at_once(pskov, draft, at_once):
    with in_company(pskov):
        submitted(draft)
        by = {"application_pk": draft.pk, "actor": make_operator()}
    asked = [by_staff.AskedPaper("План")]
    register = partial(
        by_staff.application_register, **by, recipient_number="ГР-7", registered_on=DAY
    )
    assert at_once(*[partial(by_staff.papers_ask, **by, asked=asked)] * 3) == []
    assert at_once(register, register) == []
    errors = at_once(
        partial(by_staff.application_refuse, **by, reason="Нет сети."),
        partial(by_staff.application_advance, **by, state="offered", day=DAY),
    )
    with in_company(pskov):
        assert PaperRequest.objects.count() == 1
        states = list(draft.events.order_by("id").values_list("state", flat=True))
        assert states[:3] == ["submitted", "incomplete", "registered"]
        # Refused first, nothing is offered; offered first, it may still be refused.
        assert states[3:] in (["refused"], ["offered", "refused"])
        assert [type(one) for one in errors] == ([ConnectionChanged] if len(states) == 4 else [])


@pytest.mark.parametrize("what", ["submit", "forward", "answer", "register"])
def test_killed_at_any_statement(pskov, draft, what):
    """All of a change is there, with its event, letter, bell, audit row and note, or nothing."""
    with in_company(pskov):
        anna = make_operator()
        key = {"application_pk": draft.pk}
        files: dict[int, list[object]] = {}
        if what != "submit":
            submitted(draft)
        if what == "answer":
            asked = [by_staff.AskedPaper("План")]
            by_staff.papers_ask(**key, actor=anna, asked=asked)
            files = {PaperRequest.objects.get().pk: [make_paper(None).pk]}
    works: dict[str, Callable[[], object]] = {
        "submit": lambda: submitted(draft),
        "forward": lambda: application_forward(**key),
        "answer": lambda: by_applicant.papers_answer(**key, files=files),
        "register": lambda: by_staff.application_register(
            **key, actor=anna, recipient_number="ГР-7", registered_on=DAY
        ),
    }
    added = {
        "submit": [1, 0, 1, 1, 1, 0, 1],
        "forward": [0, 0, 0, 0, 1, 3, 0],
        "answer": [1, 0, 2, 1, 0, 0, 0],
        "register": [1, 0, 1, 1, 1, 0, 1],
    }[what]

    def stored() -> tuple[list[int], object]:
        with in_company(pskov):
            if what == "forward":  # a worker's claim is a commit of its own; its lease is over now
                ConnectionApplication.objects.update(due_at=timezone.now(), attempts=0)
            rows = [model._default_manager.count() for model in WRITTEN]
            papers = ConnectionPaper.objects.order_by("pk").values_list(
                "pk", "application", "request", "forwarded_at"
            )
            one = ConnectionApplication.objects.get(pk=draft.pk)
            return rows, (one.state, one.number, one.letters_at, list(papers))

    before = stored()
    for number in range(1, 80):

        def until_then(number: int = number) -> None:
            with in_company(pskov), connection.execute_wrapper(die_before(number)):
                works[what]()

        died = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0
        after = stored()
        if died and after == before:
            continue
        if what == "forward" and died:
            # Its letter is written; what was lost is only when to look again.
            works[what] = lambda: None
        assert [now - then for now, then in zip(after[0], before[0], strict=True)] == added
        return
    raise AssertionError("never came to its end")
