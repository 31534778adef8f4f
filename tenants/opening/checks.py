"""What a new company needs before its site opens. Apps above add theirs in `AppConfig.ready`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.staff.admin_home_items import Task
from portal.staff.models import StaffUser
from portal.staff.roles import COMPANY_ADMINISTRATORS
from portal.staff.selectors import may_manage
from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company
from tenants.selectors import current_company


@dataclass(frozen=True, kw_only=True)
class Check:
    """`is_done` runs in the company's schema.

    `address` is the page where its staff do it, if no task of the first page leads there already.
    """

    code: str
    title: str | Promise
    hint: str | Promise
    is_done: Callable[[GasCompany], bool]
    order: int
    address: Callable[[], str] | None = None


@dataclass(frozen=True)
class Checked:
    title: str | Promise
    hint: str | Promise
    done: bool


_CHECKS: dict[str, Check] = {}


def opening_check_register(check: Check) -> None:
    _CHECKS[check.code] = check


def checks() -> list[Check]:
    return sorted(_CHECKS.values(), key=lambda one: one.order)


def checks_of(company: GasCompany) -> list[Checked]:
    """Return what a company has and lacks; all of it while its schema awaits migrations."""
    if is_behind(company.schema_name):
        return [Checked(one.title, one.hint, False) for one in checks()]
    with in_company(company):
        return [Checked(one.title, one.hint, one.is_done(company)) for one in checks()]


def preparation_home_tasks(request: HttpRequest) -> Iterator[Task]:
    """Tell a company's administrator what its opening waits for."""
    company = current_company()
    if (
        company is None
        or company.status != GasCompany.Status.PREPARING
        or not may_manage(request.user)  # type: ignore[arg-type]
    ):
        return
    for check in checks():
        if check.address:
            done = check.is_done(company)
            yield Task(title=check.title, hint=check.hint, url=check.address(), done=done)


def _administrator_is_there(company: GasCompany) -> bool:
    people = StaffUser.objects.filter(is_active=True, central_actor="")
    return people.filter(groups__name=COMPANY_ADMINISTRATORS).exists()


def _host_answers(company: GasCompany) -> bool:
    """Return whether the primary host was asked and answered."""
    hosts = company.domains.filter(is_primary=True, checked_at__isnull=False, check_problem="")
    return bool(hosts.exists())


OWN = (
    Check(
        code="administrator",
        title=_("Администратор компании принял приглашение"),
        hint=_("Приглашение действует три дня. Новое отправляют на странице «Сотрудники»."),
        is_done=_administrator_is_there,
        order=10,
    ),
    Check(
        code="host",
        title=_("Основной адрес сайта отвечает"),
        hint=_("Нажмите «Проверить адрес» у основного адреса ниже."),
        is_done=_host_answers,
        order=50,
    ),
)
