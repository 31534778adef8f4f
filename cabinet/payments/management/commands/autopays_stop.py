from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.stopping import autopays_stop
from cabinet.payments.models import AutoPayment
from tenants.models import GasCompany
from tenants.schemas import in_company


class Command(BaseCommand):
    help = "Выключает все автоплатежи компании, которую закрывают; абоненты узнают об этом."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", help="имя схемы компании, например pskov")

    def handle(self, *args: Any, **options: Any) -> None:
        company = GasCompany.objects.filter(schema_name=options["tenant"]).first()
        if company is None:
            known = ", ".join(GasCompany.objects.values_list("schema_name", flat=True))
            raise CommandError(f"Компании «{options['tenant']}» нет. Есть: {known or 'ни одной'}.")
        with in_company(company), transaction.atomic():
            count = autopays_stop(AutoPayment.objects.all(), reason=Off.COMPANY)
        self.stdout.write(f"Выключено автоплатежей: {count}.")
