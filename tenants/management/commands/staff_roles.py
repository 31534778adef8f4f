from typing import Any

from django.core.management.base import BaseCommand
from django_tenants.utils import schema_context

from portal.staff.roles import central_roles_create, roles_create
from tenants.models import GasCompany


class Command(BaseCommand):
    help = (
        "Создаёт роли сотрудников в центральном офисе и во всех компаниях и добавляет ролям недостающие "
        "права."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with schema_context("public"):
            central_roles_create()
        companies = GasCompany.objects.exclude(status=GasCompany.Status.ARCHIVED)
        for schema in list(companies.values_list("schema_name", flat=True)):
            with schema_context(schema):
                roles_create()
            self.stdout.write(f"  · {schema}: роли на месте")
