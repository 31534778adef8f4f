from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django_tenants.utils import schema_context

from portal.audit.services import audit_write
from portal.staff.login.second_factor import second_factor_remove
from portal.staff.models import StaffUser


class Command(BaseCommand):
    help = "Сбрасывает второй фактор сотрудника, у которого нет ни телефона, ни резервных кодов."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="логин")
        parser.add_argument("--schema", default="public", help="схема (public — центральный офис)")

    def handle(self, *args: Any, **options: Any) -> None:
        with schema_context(options["schema"]), transaction.atomic():
            user = StaffUser.objects.filter(username=options["username"]).first()
            if user is None:
                raise CommandError(f"Сотрудника «{options['username']}» здесь нет.")
            second_factor_remove(user=user)
            audit_write(actor=None, action="staff.second_factor_reset", subject=user)
        self.stdout.write("Сброшен. При следующем входе портал предложит настроить его заново.")
