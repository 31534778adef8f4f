from typing import Any

from django.core.management.base import BaseCommand
from django_tenants.utils import schema_context

from portal.staff.roles import roles_create
from tenants.models import GasCompany


class Command(BaseCommand):
    help = "Создаёт роли сотрудников во всех компаниях и добавляет ролям недостающие права."

    def handle(self, *args: Any, **options: Any) -> None:
        companies = GasCompany.objects.exclude(status=GasCompany.Status.ARCHIVED)
        for schema in list(companies.values_list("schema_name", flat=True)):
            with schema_context(schema):
                roles_create()
            self.stdout.write(f"  · {schema}: роли на месте")
