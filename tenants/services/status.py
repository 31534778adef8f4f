"""Changes of a company's state: suspend, resume, archive. `deletion` is what comes after.

A status changes only here: the row is locked and asked again, so that two admins at once do one thing.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_exists

from portal.audit.changes import changes_between, row_values
from tenants.events import OBSTACLES, company_event
from tenants.models import GasCompany, Proposal
from tenants.routing import forget_routes, is_behind
from tenants.schemas import in_company

Status = GasCompany.Status
_LOGGED = ("status", "suspended_reason", "suspended_until")


class StatusRefused(Exception):
    """The company is not in a state for this; the reason is in Russian."""


@transaction.atomic
def company_suspend(
    *,
    company_id: int,
    reason: str,
    actor: str,
    address: str,
    until: datetime.date | None = None,
) -> GasCompany:
    """Suspend a company: its site answers 503, its admin is only read, payments and exchange go on.

    Visitors read `until`, its staff and the office `reason` too. Nothing opens by itself that day.
    Raises StatusRefused.
    """
    company = company_locked(
        company_id,
        GasCompany.OPEN_TO_CHANGE,
        _("Приостановить можно только работающую компанию."),
    )
    reason = reason.strip().rstrip(".")  # it stands inside sentences
    if not reason:
        raise StatusRefused(_("Напишите, почему компания приостановлена."))
    if until is not None and until <= timezone.localdate():
        raise StatusRefused(_("День открытия должен быть в будущем."))
    company.suspended_reason, company.suspended_until = reason, until
    return status_set(company, Status.SUSPENDED, "suspended", actor, address)


@transaction.atomic
def company_resume(*, company_id: int, actor: str, address: str) -> GasCompany:
    """Resume a suspended or archived company, whose schema is still there.

    A deletion that waits for a second admin is over. Raises StatusRefused, also while the schema awaits
    migrations.
    """
    was_proposed = _deletion_withdraw(company_id, actor)
    company = company_locked(
        company_id,
        (Status.SUSPENDED, Status.ARCHIVED),
        _("Возобновить можно только приостановленную или архивную компанию."),
    )
    if is_behind(company.schema_name):
        raise StatusRefused(
            _("Таблицы компании отстали от портала: сначала выполните manage.py tenants_migrate.")
        )
    # One that was suspended before its opening is prepared further.
    status = Status.ACTIVE if company.opened_at else Status.PREPARING
    details = {"note": _("Предложение удалить компанию отозвано")} if was_proposed else {}
    return status_set(company, status, "resumed", actor, address, details)


@transaction.atomic
def company_archive(*, company_id: int, actor: str, address: str) -> GasCompany:
    """Archive a company: none of its tasks runs any more, and a worker makes the file.

    Raises StatusRefused, also while something of the company is open.
    """
    from tenants.archives.services import archive_request

    company = company_locked(
        company_id, (Status.SUSPENDED,), _("В архив уходит только приостановленная компания.")
    )
    obstacles_refuse(company)
    status_set(company, Status.ARCHIVED, "archived", actor, address)
    archive_request(company=company, actor=actor)
    return company


def _deletion_withdraw(company_id: int, actor: str) -> bool:
    """Close the proposal to delete the company, if there is one. Return whether there was.

    Before the company's row is locked, as confirming does.
    """
    waiting = Proposal.objects.filter(
        kind=Proposal.Kind.DELETE, company_id=company_id, state=Proposal.State.WAITING
    )
    found = waiting.update(
        state=Proposal.State.WITHDRAWN,
        decided_by=actor,
        decided_at=timezone.now(),
        decision_note=_("Компания возвращена к\u00a0работе."),
    )
    return bool(found)


def company_locked(company_id: int, wanted: Collection[Status], refusal: str) -> GasCompany:
    """Return the company's row, locked, in one of the wanted states."""
    company: GasCompany | None = (
        GasCompany.objects.select_for_update().filter(pk=company_id).first()
    )
    if company is None:
        raise StatusRefused(_("Этой компании больше нет."))
    if company.status not in wanted:
        raise StatusRefused(refusal)
    return company


def obstacles_refuse(company: GasCompany) -> None:
    """Raise StatusRefused while apps above have something open."""
    if not schema_exists(company.schema_name):
        return
    with in_company(company):
        found = [obstacle(company) for obstacle in OBSTACLES]
    if any(found):
        raise StatusRefused(" ".join(filter(None, found)))


def status_set(
    company: GasCompany,
    status: Status,
    event: str,
    actor: str,
    address: str,
    details: dict[str, Any] | None = None,
) -> GasCompany:
    """Write the status of a locked company, and its event."""
    before = row_values(GasCompany.objects.get(pk=company.pk), _LOGGED)
    company.status, company.status_changed_at = status, timezone.now()
    if status == Status.ACTIVE and company.opened_at is None:
        company.opened_at = company.status_changed_at
    if status not in {Status.SUSPENDED, Status.ARCHIVED}:
        company.suspended_reason, company.suspended_until = "", None
    company.save(
        update_fields=[
            "status",
            "status_changed_at",
            "opened_at",
            "suspended_reason",
            "suspended_until",
        ]
    )
    changes = changes_between(before, row_values(company, _LOGGED))
    company_event(event, company, actor, address, changes=changes, details=details)
    transaction.on_commit(forget_routes)
    return company
