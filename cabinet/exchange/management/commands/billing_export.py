from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cabinet.exchange.export_kinds import KINDS
from cabinet.exchange.exports import DEFAULT_LIMIT, MAX_LIMIT, as_csv, as_ndjson, export_page
from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company

_FORMATS = {"ndjson": as_ndjson, "csv": as_csv}


class Command(BaseCommand):
    help = "Выдаёт биллингу показания и прочее (docs/exchange-format.md), как /api/exchange/v1/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", help="имя схемы компании, например pskov")
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument(
            "--after",
            type=int,
            metavar="CURSOR",
            help="с какого курсора продолжить; без него — с первой неподтверждённой строки",
        )
        parser.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help=f"1–{MAX_LIMIT} строк")
        parser.add_argument("--format", choices=list(_FORMATS), default="ndjson")

    def handle(self, *args: Any, **options: Any) -> None:
        company = GasCompany.objects.filter(schema_name=options["tenant"]).first()
        if company is None:
            raise CommandError(f"Компании «{options['tenant']}» нет.")
        if is_behind(company.schema_name):
            raise CommandError("Таблицы компании отстали: выполните manage.py tenants_migrate.")
        if not 1 <= options["limit"] <= MAX_LIMIT or (options["after"] or 0) < 0:
            raise CommandError(f"--limit: от 1 до {MAX_LIMIT}; --after: не меньше нуля.")
        with in_company(company):
            page = export_page(
                kind=KINDS[options["kind"]], after=options["after"], limit=options["limit"]
            )
            for text in _FORMATS[options["format"]](page):
                self.stdout.write(text, ending="")
