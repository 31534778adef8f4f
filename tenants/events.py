"""What apps above do for a new company, and what they learn of later changes."""

from collections.abc import Callable, Sequence
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from portal.audit.changes import Change
from portal.audit.services import audit_write
from portal.staff.models import StaffUser
from tenants.models import GasCompany

# Keyword arguments: event (below, without "company."), company, and before: the company as it was, of
# "changed" alone. Sent in the transaction of the change, with public entered; a receiver that raises
# undoes the change.
company_changed = Signal()

EVENT_TITLES = {
    "company.created": _("создал компанию"),
    "company.opened": _("открыл сайт компании для жителей"),
    "company.changed": _("изменил данные компании"),
    "company.suspended": _("приостановил компанию"),
    "company.resumed": _("возобновил компанию"),
    "company.archived": _("отправил компанию в архив"),
    "company.restored": _("восстановил компанию из архива"),
    "company.archive_checked": _("проверил архив компании"),
    "company.archive_downloaded": _("скачал архив компании"),
    "company.deleted": _("удалил компанию"),
    "company.domain_added": _("добавил адрес сайта"),
    "company.domain_primary": _("сменил основной адрес сайта"),
    "company.domain_removed": _("удалил адрес сайта"),
    "legal.recorded": _("внёс правовую норму"),
    "legal.withdrawn": _("отозвал правовую норму"),
    "calendar.saved": _("изменил рабочие дни"),
    "calendar.deleted": _("удалил день из рабочих дней"),
    "proposal.made": _("предложил изменение"),
    "proposal.confirmed": _("подтвердил изменение"),
    "proposal.declined": _("отклонил изменение"),
    "proposal.withdrawn": _("отозвал своё предложение"),
    "announcement.saved": _("записал объявление сотрудникам компаний"),
    "announcement.ended": _("закончил показ объявления сотрудникам компаний"),
    "company.entered": _("вошёл в компанию из центрального офиса"),
}

Step = Callable[[GasCompany], None]
STEPS: list[Step] = []


def tenant_step(step: Step) -> Step:
    """Register a step of provisioning, which gives a new company something besides its tables.

    Called in `AppConfig.ready`. The step runs in the new company's schema, inside the transaction.
    """
    if step not in STEPS:
        STEPS.append(step)
    return step


def run_steps(company: GasCompany) -> None:
    """Run every registered step for a new company."""
    for step in STEPS:
        step(company)


# Says what has to end before a company is archived or deleted; empty where nothing has.
Obstacle = Callable[[GasCompany], str]
OBSTACLES: list[Obstacle] = []


def obstacle_register(obstacle: Obstacle) -> None:
    """Register what can hold a company from being archived or deleted.

    Called in `AppConfig.ready`. It runs in the company's schema, which may await migrations, in the
    transaction of the change.
    """
    if obstacle not in OBSTACLES:
        OBSTACLES.append(obstacle)


# Says what another time zone (an IANA name) moves in a company; empty where nothing does.
ZoneEffect = Callable[[GasCompany, str], str]
ZONE_EFFECTS: list[ZoneEffect] = []


def zone_effect_register(effect: ZoneEffect) -> None:
    """Register what a change of the time zone moves. Called in `AppConfig.ready`; runs in the schema."""
    if effect not in ZONE_EFFECTS:
        ZONE_EFFECTS.append(effect)


def company_event(
    event: str,
    company: GasCompany,
    actor: str,
    address: str,
    *,
    changes: Sequence[Change] = (),
    details: dict[str, Any] | None = None,
    before: GasCompany | None = None,
) -> None:
    """Log a change of a company in the central audit log and send `company_changed`.

    `actor` is a central admin's login, or the name of a command; `address` an IP address or empty;
    `before` the company as it was, where it was changed.
    """
    admin = StaffUser.objects.filter(username=actor).first()
    audit_write(
        actor=admin,
        action=f"company.{event}",
        subject=company,
        address=address,
        details={"company_id": company.pk} | (details or {}),
        changes=changes,
    )
    company_changed.send(sender=GasCompany, event=event, company=company, before=before)
