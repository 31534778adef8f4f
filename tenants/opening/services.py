"""Open the site of a company in preparation for its subscribers."""

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.models import GasCompany
from tenants.opening.checks import checks_of
from tenants.routing import is_behind
from tenants.services.status import StatusRefused, company_locked, status_set

Status = GasCompany.Status


@transaction.atomic
def company_open(*, company_id: int, actor: str, address: str, reason: str = "") -> GasCompany:
    """Open a company for everybody. Raises StatusRefused, also for gaps without a `reason`."""
    company = company_locked(
        company_id, (Status.PREPARING,), _("Открыть можно только компанию, которая готовится.")
    )
    if is_behind(company.schema_name):
        raise StatusRefused(
            _("Таблицы компании отстали от портала: сначала выполните manage.py tenants_migrate.")
        )
    gaps = [str(one.title) for one in checks_of(company) if not one.done]
    if gaps and not reason.strip():
        raise StatusRefused(
            _("Готово не всё. Чтобы открыть сайт всё равно, напишите, почему его открывают.")
        )
    details = {"reason": reason.strip(), "missing": gaps} if gaps else {}
    return status_set(company, Status.ACTIVE, "opened", actor, address, details)
