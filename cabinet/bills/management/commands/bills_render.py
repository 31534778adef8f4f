import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cabinet.accounts.models import PersonalAccount
from cabinet.bills.addresses import month_named
from cabinet.bills.many.progress import RunProgress
from cabinet.bills.many.runs import run_begin
from cabinet.bills.many.work import run_work_off
from cabinet.bills.models import BillRun
from portal.formats.dates import month_name
from portal.formats.numbers import grouped
from tenants.models import GasCompany
from tenants.schemas import in_company

_SHOWN = 50
AGAIN = "Повторите команду: готовые квитанции останутся."


class Command(BaseCommand):
    help = "Готовит файлы квитанций за месяц для всех, кому они приходят письмом с файлом."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", help="имя схемы компании, например pskov")
        parser.add_argument("month", type=month_named, help="месяц квитанций, например 2026-05")
        parser.add_argument(
            "--processes",
            type=int,
            default=os.cpu_count() or 1,
            metavar="N",
            help="сколько процессов (по умолчанию — по числу ядер)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tenant, month = options["tenant"], options["month"]
        company = GasCompany.objects.filter(schema_name=tenant).first()
        if company is None:
            known = ", ".join(GasCompany.objects.values_list("schema_name", flat=True))
            raise CommandError(f"Компании «{tenant}» нет. Есть: {known or 'ни одной'}.")
        if options["processes"] < 1:
            raise CommandError("Процессов должно быть не меньше одного.")
        with in_company(company):
            run = run_begin(month, started_by="bills_render")
            try:
                progress = self._worked_off(run, options["processes"])
            except KeyboardInterrupt as error:
                raise CommandError(f"Прервано. {AGAIN}") from error
            self._said(run, progress)

    def _worked_off(self, run: BillRun, processes: int) -> RunProgress:
        shown, progress = -1, None
        for progress in run_work_off(run, processes=processes):
            if progress.percent != shown:
                shown = progress.percent
                self.stdout.write(_in_words(progress))
        assert progress is not None  # noqa: S101 — for mypy
        return progress

    def _said(self, run: BillRun, progress: RunProgress) -> None:
        """Write what was done. Raises CommandError where bills are missing."""
        month = month_name(run.month)
        done = (
            f"Квитанции за {month}: готово {grouped(progress.rendered)}, "
            f"без изменений {grouped(progress.unchanged)}."
        )
        if not progress.problems and not progress.failed_parts:
            self.stdout.write(self.style.SUCCESS(done))
            return
        self.stdout.write(done)
        problems = run.problems.order_by("account")
        numbers = dict(
            PersonalAccount.objects.filter(pk__in=problems.values("account")).values_list(
                "pk", "account_number"
            )
        )
        for one in problems[:_SHOWN]:
            self.stdout.write(f"  лицевой счёт {numbers.get(one.account_id, '?')}: {one.error}")
        for part in run.parts.filter(state="failed"):
            self.stdout.write(f"  часть {part.pk}: {part.error}")
        more = f", показаны первые {_SHOWN}" if progress.problems > _SHOWN else ""
        raise CommandError(
            f"Не готовы квитанции счетов: {progress.problems}{more}; "
            f"частей с ошибкой: {progress.failed_parts}. {AGAIN}"
        )


def _in_words(progress: RunProgress) -> str:
    text = (
        f"{progress.percent} %: квитанций {grouped(progress.bills)}, "
        f"{progress.bills_a_second:.0f} в секунду"
    )
    if progress.problems:
        text += f", ошибок {grouped(progress.problems)}"
    if progress.seconds_left:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        text += f", осталось {minutes}:{seconds:02}"
    return text
