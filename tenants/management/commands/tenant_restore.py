from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.archives.services import RestoreRefused, tenant_restore


class Command(BaseCommand):
    help = "Восстанавливает компанию из файла архива; она остаётся приостановленной."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="файл архива, .zip")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            company, left_out = tenant_restore(file=options["file"])
        except RestoreRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Компания «{company.name}» восстановлена."))
        if left_out:
            self.stdout.write(f"Не восстановлено привязок людей, которых здесь нет: {left_out}.")
        self.stdout.write(
            "Выполните manage.py tenants_migrate и возобновите компанию в центральном офисе."
        )
