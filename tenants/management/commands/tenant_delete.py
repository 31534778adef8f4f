from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.models import GasCompany
from tenants.services import StatusRefused, company_delete


class Command(BaseCommand):
    help = (
        "Удаляет компанию из архива без второго администратора: для портала, где он один. Проверенный "
        "архив нужен и здесь."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schema", help="имя схемы")
        parser.add_argument("--name", required=True, help="название компании, как в офисе")
        parser.add_argument("--without-second-admin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete the company. Raises CommandError with the reason."""
        company = GasCompany.objects.filter(schema_name=options["schema"]).first()
        if company is None:
            raise CommandError("Такой компании нет.")
        try:
            company_delete(
                company_id=company.pk,
                typed_name=options["name"],
                actor="tenant_delete",
                address="",
                second_admin=not options["without_second_admin"],
            )
        except StatusRefused as refused:
            hint = (
                " Без него удаляет --without-second-admin."
                if not options["without_second_admin"]
                else ""
            )
            raise CommandError(f"{refused}{hint}") from refused
        self.stdout.write(f"Компания «{company.name}» удалена.")
