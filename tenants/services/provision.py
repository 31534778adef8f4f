"""A new company in a second: its schema is a copy of the migrated template."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import schema_context, schema_exists

from portal.connection import connection
from portal.staff.invitations import invitation_send
from portal.staff.roles import COMPANY_ADMINISTRATORS
from tenants.events import run_steps
from tenants.models import Domain, GasCompany, Region, normalise_host, validate_schema_name
from tenants.opening.copying import companies_to_copy, set_up_copy
from tenants.routing import forget_routes
from tenants.schemas import lock_schema_changes, pending_migrations
from tenants.services.clone import schema_copy
from tenants.services.domains import domain_check

Status = GasCompany.Status


class ProvisioningError(Exception):
    """The company was not made; nothing of it remains."""


class CompanyExists(ProvisioningError):
    """A company with this schema name is there already."""


class TemplateStale(ProvisioningError):
    """The template is missing or lacks migrations: run `tenants_migrate` first."""


# What can be watched of a provisioning, in order: tenants.runs shows these names.
STEPS = {
    "check": "Проверка данных и шаблона",
    "company": "Компания, регионы и адреса",
    "schema": "Таблицы компании",
    "content": "Главная страница, роли и настройки",
    "invitation": "Приглашение администратору",
}


def _unwatched(step: str) -> None:
    pass


def company_provision(
    *,
    schema_name: str,
    name: str,
    regions: list[str],
    domain: str,
    kind: str = GasCompany.Kind.GAS,
    time_zone: str = "Europe/Moscow",
    other_domains: Sequence[str] = (),
    administrator: str = "",
    open_at_once: bool = False,
    set_up_as: str = "",
    on_step: Callable[[str], None] = _unwatched,
    on_made: Callable[[GasCompany], None] | None = None,
) -> GasCompany:
    """Make a company: row, regions, domains, schema, first content, all in one transaction.

    It is in preparation, closed to strangers, unless it is to `open_at_once`. `regions` are names of the
    list; `set_up_as` is the schema of a company whose set-up is taken over; `time_zone` is an IANA name;
    `administrator` an e-mail that is invited. `on_step` is called with the code of each of STEPS as it
    begins; what it writes is seen meanwhile only through another connection. `on_made` is called at the
    end, in public, inside the transaction. Raises CompanyExists, TemplateStale, or ProvisioningError with
    the reason in Russian; a crash at any line leaves nothing, because DDL is part of the transaction.
    """
    with schema_context("public"), transaction.atomic():
        on_step("check")
        lock_schema_changes()
        if GasCompany.objects.filter(schema_name=schema_name).exists():
            raise CompanyExists(f"Компания «{schema_name}» уже есть.")
        company = GasCompany(schema_name=schema_name, name=name, kind=kind, time_zone=time_zone)
        hosts = [
            Domain(domain=normalise_host(one), tenant=company, is_primary=one is domain)
            for one in (domain, *other_domains)
        ]
        _check(company, hosts)
        places = _regions(regions)
        source = _source(set_up_as, kind) if set_up_as else None
        _assert_template_is_current()
        on_step("company")
        company.status = Status.ACTIVE if open_at_once else Status.PREPARING
        company.opened_at = timezone.now() if open_at_once else None
        _save(company, hosts, places)
        on_step("schema")
        schema_copy(source=settings.TENANT_BASE_SCHEMA, copy=schema_name)
        with schema_context(schema_name):
            connection.set_tenant(company)
            on_step("content")
            run_steps(company)
            if source:
                set_up_copy(source=source, company=company)
            if administrator:
                on_step("invitation")
                administrator_invite(company, administrator)
        if on_made:
            on_made(company)
        transaction.on_commit(forget_routes)
    return company


def administrator_invite(company: GasCompany, email: str) -> None:
    """Invite the first administrator of the company whose schema is entered.

    The letter is a row of the outbox and leaves when the company is committed.
    """

    def address(secret: str) -> str:
        path = reverse("staff_invitation", args=[secret], urlconf="portal.urls.tenant")
        return f"{company.url}{path}"

    invitation_send(
        invited_by=None,
        email=email,
        roles=[COMPANY_ADMINISTRATORS],
        company_name=company.name,
        link_address=address,
    )


def _check(company: GasCompany, hosts: list[Domain]) -> None:
    try:
        validate_schema_name(company.schema_name)
        company.full_clean(exclude=["schema_name"])
        for host in hosts:
            domain_check(host)
    except ValidationError as error:
        raise ProvisioningError(" ".join(error.messages)) from error
    if schema_exists(company.schema_name, case_sensitive=False):
        raise ProvisioningError(
            f"Схема «{company.schema_name}» есть, а компании нет: разберитесь с ней вручную."
        )


def _source(schema_name: str, kind: str) -> GasCompany:
    found = next((one for one in companies_to_copy() if one.schema_name == schema_name), None)
    if found is None or found.kind != kind:
        raise ProvisioningError("Настроить можно только как у работающей компании того же вида.")
    return found


def _regions(names: list[str]) -> list[Region]:
    found = list(Region.objects.filter(name__in=names))
    if unknown := set(names) - {region.name for region in found}:
        raise ProvisioningError(f"Нет такого региона: {', '.join(sorted(unknown))}.")
    return found


def _save(company: GasCompany, hosts: list[Domain], regions: list[Region]) -> None:
    company.save()
    company.regions.set(regions)
    for host in hosts:
        host.tenant = company
        host.save()


def _assert_template_is_current() -> None:
    template = settings.TENANT_BASE_SCHEMA
    if not schema_exists(template):
        raise TemplateStale("Шаблона нет: выполните manage.py tenants_migrate.")
    pending = pending_migrations(template)
    if pending:
        raise TemplateStale(
            f"Шаблон устарел, не хватает миграций: {', '.join(pending[:5])}. "
            "Выполните manage.py tenants_migrate."
        )
