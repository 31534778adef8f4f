"""Forward an application to the recipient that the company has set: by letters, or by the exchange.

By hand nothing is done here: it waits on the desk. An application counts as forwarded once the letters
have left, or the recipient has acknowledged its row of the exchange.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.connection.forwarding.letters import Letters, letters_state, letters_write
from cabinet.connection.lifecycle.notices import notify_state
from cabinet.connection.lifecycle.states import State, application_locked, go_to, log
from cabinet.connection.models import ConnectionApplication, ConnectionPaper, ConnectionSettings
from cabinet.connection.set_up.selectors import connection_settings
from cabinet.outgoing.models import Kind
from cabinet.outgoing.selectors import is_acknowledged
from portal.jobs import JobFailed, JobPostponed, LeaseLost, job_finish, job_run, jobs_sweep
from tenants.selectors import company_entered

Way = ConnectionSettings.Way
# How soon to look again whether letters have left, and whether a row was acknowledged.
_LETTERS_AGAIN = datetime.timedelta(minutes=1)
_EXCHANGE_AGAIN = datetime.timedelta(minutes=15)
LETTER_FAILED = "letter"


def application_forward(*, application_pk: int) -> bool:
    """Forward an application by the way that is set now; called by its task."""
    return job_run(ConnectionApplication.objects.all(), application_pk, _forward)


def applications_sweep() -> int:
    """Resume what a lost broker or a killed worker left, and what waits for the other side."""
    return jobs_sweep(ConnectionApplication.objects.all())


def _forward(application: ConnectionApplication) -> dict[str, Any]:
    settings = connection_settings()
    # Letters that are written already are waited for, whatever was set since.
    if application.letters_at is not None:
        _letters_finish(application)
    elif settings.way == Way.MAIL:
        letters = Letters.of(application, settings, company_entered())
        with transaction.atomic():
            letters_write(letters, _held(application))
        raise JobPostponed(timezone.now() + _LETTERS_AGAIN)
    elif settings.way == Way.EXCHANGE:
        if not is_acknowledged(Kind.APPLICATIONS, application.pk):
            raise JobPostponed(timezone.now() + _EXCHANGE_AGAIN)
        _finish(application)
    return {}


def _letters_finish(application: ConnectionApplication) -> None:
    state = letters_state(application)
    if state == "waiting":
        raise JobPostponed(timezone.now() + _LETTERS_AGAIN)
    has_more = application.papers.filter(kind=ConnectionPaper.Kind.PAPER, forwarded_at=None)
    if state == "sent" and not has_more.exists():
        _finish(application)
        return
    with transaction.atomic():
        held = _held(application)
        if state == "failed":  # forwarded by hand, or by the next try
            held.papers.filter(forwarded_at=held.letters_at).update(forwarded_at=None)
        held.letters_at = None
        held.save(update_fields=["letters_at"])
    if state == "failed":
        raise JobFailed(LETTER_FAILED, for_good=True)
    raise JobPostponed(timezone.now())


@transaction.atomic
def _finish(application: ConnectionApplication) -> None:
    """End the job, and note what has been forwarded: the application, or papers that came later."""
    now = timezone.now()
    held = _held(application)
    if held.letters_at is None:
        held.papers.filter(kind=ConnectionPaper.Kind.PAPER, forwarded_at=None).update(
            forwarded_at=now
        )
    held.letters_at = None
    if held.state == State.SUBMITTED:
        is_again = held.forwarded_at is not None
        held.forwarded_at = now
        go_to(held, State.FORWARDED, action="forward")
        notify_state(held, _("Получатель получил и ваши новые документы.") if is_again else "")
    else:
        held.save(update_fields=["letters_at"])
        log(held, "forward", None)
    job_finish(application)


def _held(application: ConnectionApplication) -> ConnectionApplication:
    """Return the application locked, as long as this worker has it. Raises LeaseLost."""
    held = application_locked(application.pk)
    if held.due_at != application.due_at:
        raise LeaseLost
    return held
