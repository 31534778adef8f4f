from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.models import GasCompany
from tenants.services import CompanyExists, ProvisioningError, company_provision


class Command(BaseCommand):
    help = "Создаёт компанию: схему, адрес, главную страницу."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schema_name", help="имя схемы, например pskov")
        parser.add_argument("--name", required=True, help="название компании")
        parser.add_argument(
            "--region", required=True, action="append", help="регион; можно указать несколько раз"
        )
        parser.add_argument("--domain", required=True, help="адрес сайта без порта")
        parser.add_argument("--kind", choices=GasCompany.Kind.values, default=GasCompany.Kind.GAS)
        parser.add_argument("--open", action="store_true", help="сразу открыть сайт для жителей")
        parser.add_argument("--time-zone", default="Europe/Moscow", help="например Asia/Kamchatka")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            company = company_provision(
                schema_name=options["schema_name"],
                name=options["name"],
                regions=options["region"],
                domain=options["domain"],
                kind=options["kind"],
                time_zone=options["time_zone"],
                open_at_once=options["open"],
            )
        except CompanyExists as error:
            self.stdout.write(str(error))
            return
        except ProvisioningError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Компания «{company.name}» создана: {company.url}/"))
