import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Запускает весь портал на этой машине с демонстрационными данными."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="порт сайта (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Демонстрация не запускается с рабочими настройками.")
        # In place of this process: the supervisor has no use for Django.
        os.chdir(settings.BASE_DIR)
        command = [sys.executable, "-m", "devtools.demo", "--port", str(options["port"])]
        os.execv(sys.executable, command)  # noqa: S606
