"""A new appeal: the one door, for the cabinet, the site's form, operators and other inlets to come."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.lifecycle.clock import clock_of, due_of
from cabinet.appeals.lifecycle.notices import notify_received
from cabinet.appeals.lifecycle.states import files_take, log
from cabinet.appeals.models import Appeal, AppealKind
from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note
from cms_pages.centres.page import service_centre_of
from cms_pages.models import ServiceCentre
from portal.staff.models import StaffUser

# Where the company has set no kind: of what came by the site's form.
TERM, TERM_UNIT = 10, AppealKind.TermUnit.WORKING_DAYS


def appeal_open(
    *,
    source: str,
    kind: AppealKind | None,
    text: str,
    form_key: UUID,
    kind_name: str = "",
    account: PersonalAccount | None = None,
    subscriber_id: UUID | None = None,
    contact_name: str = "",
    email: str = "",
    phone: str = "",
    question: str = "",
    answers: Sequence[Sequence[str]] = (),
    context: str = "",
    centre: ServiceCentre | None = None,
    actor: StaffUser | None = None,
) -> Appeal:
    """Take an appeal, with the files of its form; the same form again gives the same appeal.

    `centre` comes first, then the kind's, then the account's. `actor` is the operator who has written down
    what was said by telephone.
    """
    centre = centre or _centre_of(kind, account)
    term, unit = (kind.term, kind.term_unit) if kind else (TERM, TERM_UNIT)
    now = timezone.now()
    appeal = Appeal(
        form_key=form_key,
        source=source,
        kind=kind,
        kind_name=kind_name or (kind.name if kind else ""),
        account=account,
        subscriber_id=subscriber_id,
        contact_name=contact_name,
        email=email,
        phone=phone,
        question=question,
        text=text,
        answers=[list(one) for one in answers],
        context=context,
        centre=centre,
        term=term,
        term_unit=unit,
        due_at=due_of(term, unit, clock_of(centre), now),
        state_since=now,
    )
    try:
        with transaction.atomic():
            _insert(appeal, actor)
    except IntegrityError:
        mine = Appeal.objects.filter(form_key=form_key, subscriber_id=subscriber_id)
        sent: Appeal | None = mine.first()
        if sent is None:
            raise
        return sent
    return appeal


def _insert(appeal: Appeal, actor: StaffUser | None) -> None:
    appeal.save(force_insert=True)
    files_take(
        appeal,
        appeal.form_key,
        subscriber_id=appeal.subscriber_id,
        by_staff=actor is not None,
    )
    outgoing_note(Kind.APPEALS, [appeal.pk])
    log(appeal, "open", actor, source=appeal.source, kind=appeal.kind_name)
    notify_received(appeal)


def _centre_of(kind: AppealKind | None, account: PersonalAccount | None) -> ServiceCentre | None:
    if kind and kind.centre_id:
        return kind.centre
    return service_centre_of(account.service_centre) if account else None
