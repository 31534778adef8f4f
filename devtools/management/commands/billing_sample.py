import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cabinet.exchange.files import FILES_BY_NAME
from devtools.sample.services import sample_write
from portal.formats.dates import month_after
from tenants.models import GasCompany


class Command(BaseCommand):
    help = "Пишет пакет биллинга с вымышленными счетами: для демонстрации и замеров."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", help="имя схемы компании, например pskov")
        parser.add_argument("path", type=Path, help="папка или файл .zip, куда писать")
        parser.add_argument("--accounts", type=_positive, default=1000, help="сколько счетов")
        parser.add_argument("--months", type=_positive, default=12, help="сколько месяцев")
        parser.add_argument("--seed", type=int, default=1, help="то же число — тот же пакет")
        parser.add_argument(
            "--last-month", metavar="YYYY-MM", help="последний месяц начислений, иначе прошлый"
        )
        parser.add_argument(
            "--as-of",
            type=datetime.datetime.fromisoformat,
            help="на какой момент данные, иначе первое число следующего месяца, 06:00",
        )
        parser.add_argument("--full", action="store_true", help="полная выгрузка, а не изменения")
        parser.add_argument(
            "--only", metavar="FILE,FILE", default="", help="только эти файлы, через запятую"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        company = GasCompany.objects.filter(schema_name=options["tenant"]).first()
        if company is None:
            raise CommandError(f"Компании «{options['tenant']}» нет.")
        only = frozenset(filter(None, options["only"].split(",")))
        if unknown := only - set(FILES_BY_NAME):
            raise CommandError(f"Таких файлов в формате нет: {', '.join(sorted(unknown))}.")
        zone = ZoneInfo(company.time_zone)
        last_month = _month(options["last_month"], timezone.localdate(timezone=zone))
        as_of = options["as_of"] or datetime.datetime.combine(
            month_after(last_month), datetime.time(6)
        )
        package_id = sample_write(
            path=options["path"],
            tenant=company.schema_name,
            is_gas=company.is_gas,
            accounts=options["accounts"],
            months=options["months"],
            seed=options["seed"],
            last_month=last_month,
            as_of=as_of if as_of.tzinfo else as_of.replace(tzinfo=zone),
            mode="full" if options["full"] else "delta",
            only=only,
        )
        self.stdout.write(f"Пакет {package_id} записан: {options['path']}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _month(text: str | None, today: datetime.date) -> datetime.date:
    """Return the first day of a month. Raises CommandError."""
    if text is None:
        return month_after(today, -1)
    try:
        return datetime.datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise CommandError(f"Месяц нужен вида 2026-10, а не «{text}».") from error
