from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo.run import DemoError, run
from portal.embedded import EmbeddedServerError
from portal.embedded.program import end_with_parent


class Command(BaseCommand):
    help = "Запускает весь портал на этой машине с демонстрационными данными."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="порт сайта (8000)")
        parser.add_argument(
            "--end-with-parent", action="store_true", help="остановиться вместе с make"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Демонстрация не запускается с рабочими настройками.")
        if options["end_with_parent"]:
            end_with_parent()
        try:
            run(port=options["port"], say=self._say)
        except (DemoError, EmbeddedServerError) as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
