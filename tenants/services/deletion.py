"""Deleting a company: what has to be there before, and the deletion itself.

All brakes are asked again under the lock: docs/decisions/0055-deleting-a-company.md.
"""

import datetime
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_exists
from psycopg import sql

from portal.connection import connection
from tenants.events import company_event
from tenants.models import CompanyArchive, GasCompany, Proposal
from tenants.patches import content_types
from tenants.routing import forget_routes
from tenants.schemas import lock_schema_changes
from tenants.services.status import StatusRefused, company_locked, obstacles_refuse
from tenants.storage import media_folder, private_folder


def deletion_not_before() -> datetime.datetime:
    """Return when a deletion that is proposed now may be confirmed."""
    return timezone.now() + datetime.timedelta(days=settings.DELETION_WAITS_DAYS)


def archive_of_now(company: GasCompany) -> CompanyArchive | None:
    """Return the newest verified archive of the company as it is now: closed, nothing has run since."""
    found = CompanyArchive.objects.filter(
        company=company,
        state=CompanyArchive.State.DONE,
        created_at__gte=company.status_changed_at,
        checked_at__isnull=False,
        check_error="",
    )
    return found.order_by("-created_at").first()


def deletion_obstacle(company: GasCompany) -> str:
    """Return why the company cannot be deleted now, in Russian; empty if it can."""
    from tenants.archives.services import archive_file

    if company.status != GasCompany.Status.ARCHIVED:
        return _("Удалить можно только компанию в\u00a0архиве: сначала отправьте её в\u00a0архив.")
    archive = archive_of_now(company)
    if archive is None:
        return _(
            "Нет проверенного архива: дождитесь, когда файл будет готов и\u00a0проверен, "
            "или выгрузите его ещё раз."
        )
    try:
        file = archive_file(archive)
    except FileNotFoundError:
        return _("Файла архива нет на\u00a0диске. Выгрузите компанию ещё раз.")
    if file.stat().st_size != archive.size:
        return _("Файл архива изменился после проверки. Выгрузите компанию ещё раз.")
    return ""


def name_refuse(company: GasCompany, typed_name: str) -> None:
    """Raise StatusRefused if the name that was typed is not the company's."""
    if " ".join(typed_name.split()) != " ".join(company.name.split()):
        raise StatusRefused(_("Название не совпадает. Введите его точно так, как оно написано."))


@transaction.atomic
def company_delete(
    *,
    company_id: int,
    typed_name: str,
    actor: str,
    address: str,
    second_admin: bool = True,
) -> None:
    """Drop the schema and every row of the company in one transaction, then its files.

    `typed_name` is the company's name, typed by hand. Raises StatusRefused: another name, no verified
    archive, something open, or, unless `second_admin` is off, no proposal that another central admin has
    confirmed after the days of waiting.
    """
    lock_schema_changes()
    company = company_locked(company_id, GasCompany.Status, "")
    name_refuse(company, typed_name)
    if refusal := deletion_obstacle(company):
        raise StatusRefused(refusal)
    if second_admin and not _confirmed(company).exists():
        raise StatusRefused(_("Удаление не\u00a0подтвердил второй центральный администратор."))
    obstacles_refuse(company)
    schema = company.schema_name
    company_event("deleted", company, actor, address)
    with connection.cursor() as cursor:
        if schema_exists(schema):
            statement = sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema))
            cursor.execute(statement.as_string(None))
    company.delete()
    transaction.on_commit(lambda: _forget(schema))


def _confirmed(company: GasCompany) -> QuerySet[Proposal]:
    """Return proposals to delete the company as it is now that waited, and that another confirmed."""
    found = Proposal.objects.filter(
        kind=Proposal.Kind.DELETE,
        company_id=company.pk,
        state=Proposal.State.CONFIRMED,
        proposed_at__gte=company.status_changed_at,
        not_before__lte=timezone.now(),
    )
    return found.exclude(proposed_by=F("decided_by"))


def _forget(schema: str) -> None:
    forget_routes()
    content_types.clear_all()
    shutil.rmtree(media_folder(schema), ignore_errors=True)
    shutil.rmtree(private_folder(schema), ignore_errors=True)
    shutil.rmtree(Path(settings.PRIVATE_ROOT) / "exchange" / schema, ignore_errors=True)
