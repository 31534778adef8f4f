"""Changes of a company's state: suspend, resume, archive, delete.

A status changes only here: the row is locked and asked again, so that two admins at once do one thing.
"""

import shutil
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_exists
from psycopg import sql

from portal.connection import connection
from tenants.events import OBSTACLES, company_event
from tenants.models import GasCompany
from tenants.patches import content_types
from tenants.routing import forget_routes, is_behind
from tenants.schemas import in_company, lock_schema_changes
from tenants.storage import media_folder, private_folder

Status = GasCompany.Status
CLOSED = (Status.PROVISIONING, Status.SUSPENDED, Status.ARCHIVED)


class StatusRefused(Exception):
    """The company is not in a state for this; the reason is in Russian."""


@transaction.atomic
def company_suspend(*, company_id: int, actor: str, address: str) -> GasCompany:
    """Suspend a company: its site answers 503, payments and exchange go on.

    Raises StatusRefused.
    """
    company = _locked(
        company_id, (Status.ACTIVE,), _("Приостановить можно только работающую компанию.")
    )
    return _set(company, Status.SUSPENDED, "suspended", actor, address)


@transaction.atomic
def company_resume(*, company_id: int, actor: str, address: str) -> GasCompany:
    """Resume a suspended or archived company, whose schema is still there.

    Raises StatusRefused, also while the schema awaits migrations.
    """
    company = _locked(
        company_id,
        (Status.SUSPENDED, Status.ARCHIVED),
        _("Возобновить можно только приостановленную или архивную компанию."),
    )
    if is_behind(company.schema_name):
        raise StatusRefused(
            _("Таблицы компании отстали от портала: сначала выполните manage.py tenants_migrate.")
        )
    return _set(company, Status.ACTIVE, "resumed", actor, address)


@transaction.atomic
def company_delete(*, company_id: int, typed_name: str, actor: str, address: str) -> None:
    """Drop the schema and every row of the company in one transaction, then its files.

    `typed_name` is the company's name, typed by hand. Raises StatusRefused: another name, or a company
    that still works or has something open.
    """
    lock_schema_changes()
    company = _locked(
        company_id, CLOSED, _("Работающую компанию не удаляют: сначала приостановите её.")
    )
    if " ".join(typed_name.split()) != " ".join(company.name.split()):
        raise StatusRefused(_("Название не совпадает. Введите его точно так, как оно написано."))
    _refuse_obstacles(company)
    schema = company.schema_name
    company_event("deleted", company, actor, address)
    with connection.cursor() as cursor:
        if schema_exists(schema):
            statement = sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema))
            cursor.execute(statement.as_string(None))
    company.delete()
    transaction.on_commit(lambda: _forget(schema))


@transaction.atomic
def company_archive(*, company_id: int, actor: str, address: str) -> GasCompany:
    """Archive a company: none of its tasks runs any more, and a worker makes the file.

    Raises StatusRefused, also while something of the company is open.
    """
    from tenants.archives.services import archive_request

    company = _locked(
        company_id, (Status.SUSPENDED,), _("В архив уходит только приостановленная компания.")
    )
    _refuse_obstacles(company)
    archive_request(company=company, actor=actor)
    return _set(company, Status.ARCHIVED, "archived", actor, address)


def _locked(company_id: int, wanted: Collection[Status], refusal: str) -> GasCompany:
    """Return the company's row, locked, in one of the wanted states."""
    company: GasCompany | None = (
        GasCompany.objects.select_for_update().filter(pk=company_id).first()
    )
    if company is None:
        raise StatusRefused(_("Этой компании больше нет."))
    if company.status not in wanted:
        raise StatusRefused(refusal)
    return company


def _refuse_obstacles(company: GasCompany) -> None:
    """Raise StatusRefused while apps above have something open."""
    if not schema_exists(company.schema_name):
        return
    with in_company(company):
        found = [obstacle(company) for obstacle in OBSTACLES]
    if any(found):
        raise StatusRefused(" ".join(filter(None, found)))


def _set(company: GasCompany, status: Status, event: str, actor: str, address: str) -> GasCompany:
    company.status = status
    company.save(update_fields=["status"])
    company_event(event, company, actor, address)
    transaction.on_commit(forget_routes)
    return company


def _forget(schema: str) -> None:
    forget_routes()
    content_types.clear_all()
    shutil.rmtree(media_folder(schema), ignore_errors=True)
    shutil.rmtree(private_folder(schema), ignore_errors=True)
    shutil.rmtree(Path(settings.PRIVATE_ROOT) / "exchange" / schema, ignore_errors=True)
