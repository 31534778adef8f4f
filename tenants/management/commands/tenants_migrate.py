from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.services import migrate_all


class Command(BaseCommand):
    help = "Применяет миграции к public, шаблону и всем компаниям (параллельно)."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, help="сколько компаний обновлять сразу")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for number, outcome in enumerate(migrate_all(processes=options["processes"]), start=1):
            if outcome.error:
                failed += 1
                text = self.style.ERROR(f"ошибка: {outcome.error}")
            else:
                text = f"миграций: {outcome.applied}" if outcome.applied else "без изменений"
            self.stdout.write(f"  {number:>3}. {outcome.schema_name}: {text}")
            self.stdout.flush()
        if failed:
            raise CommandError(
                f"Не обновлено компаний: {failed}. Они отвечают 503, пока их не исправят; "
                "остальные работают."
            )
