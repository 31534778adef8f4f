import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError

from cabinet.exchange.exceptions import ExchangeError, PackageRefused
from cabinet.exchange.package.apply import Outcome, package_apply
from cabinet.exchange.package.progress import Progress, Step
from portal.formats.dates import long_moment
from portal.formats.numbers import grouped
from tenants.models import GasCompany

# A COMMIT that got no answer may have been carried out.
AGAIN = "Повторите команду: если пакет всё же успел загрузиться, она так и скажет."


class Command(BaseCommand):
    help = "Загружает пакет биллинга (docs/exchange-format.md) и ждёт, чем это кончится."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", help="имя схемы компании, например pskov")
        parser.add_argument("path", type=Path, help="папка или zip с manifest.json")
        parser.add_argument(
            "--reject-file",
            type=Path,
            metavar="FILE",
            help="загрузить годные строки, а остальные записать в этот файл",
        )
        parser.add_argument(
            "--allow-mass-close",
            action="store_true",
            help="разрешить закрыть больше десятой части открытых счетов",
        )
        parser.add_argument("--json", action="store_true", help="ответ в JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant, as_json = options["tenant"], options["json"]
        company = GasCompany.objects.filter(schema_name=tenant).first()
        if company is None:
            known = ", ".join(GasCompany.objects.values_list("schema_name", flat=True))
            raise CommandError(f"Компании «{tenant}» нет. Есть: {known or 'ни одной'}.")
        terminal = Terminal(self)
        try:
            outcome = package_apply(
                company=company,
                path=options["path"],
                rejects_path=options["reject_file"],
                allow_mass_close=options["allow_mass_close"],
                progress=terminal.show,
            )
        except PackageRefused as refused:
            terminal.clear()
            self._refused(refused, as_json=as_json)
        except ExchangeError as error:
            terminal.clear()
            self._failed(str(error), error, as_json=as_json)
        except (OperationalError, InterfaceError) as error:
            terminal.clear()
            self._failed(f"База данных не отвечает. {AGAIN}", error, as_json=as_json)
        except OSError as error:  # a disk, or a network folder
            terminal.clear()
            self._failed(f"Файл не прочитать или не записать: {error}.", error, as_json=as_json)
        except KeyboardInterrupt as error:
            terminal.clear()
            self._failed(f"Загрузка прервана. {AGAIN}", error, as_json=as_json)
        else:
            terminal.clear()
            self._applied(outcome, options["reject_file"], as_json=as_json)

    def _json(self, content: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False, indent=2))

    def _failed(self, reason: str, error: BaseException, *, as_json: bool) -> NoReturn:
        if as_json:
            self._json({"state": "failed", "reason": reason})
            sys.exit(1)
        raise CommandError(reason) from error

    def _refused(self, refused: PackageRefused, *, as_json: bool) -> None:
        if as_json:
            problems = [asdict(problem) for problem in refused.problems]
            self._json({"state": "refused", "problems": problems, "problem_count": refused.total})
            sys.exit(1)
        for problem in refused.problems:
            self.stdout.write(str(problem))
        shown = len(refused.problems)
        more = f", показаны первые {shown}" if shown < refused.total else ""
        raise CommandError(f"Пакет не загружен, ничего не изменено. Ошибок: {refused.total}{more}.")

    def _applied(self, outcome: Outcome, rejects: Path | None, *, as_json: bool) -> None:
        if as_json:
            state = "already_applied" if outcome.already_applied else "applied"
            self._json({"state": state, **asdict(outcome), "as_of": outcome.as_of.isoformat()})
            return
        if outcome.already_applied:
            self.stdout.write(f"Пакет {outcome.package_id} уже загружен, ничего не изменено.")
            return
        moment = long_moment(outcome.as_of)
        self.stdout.write(
            self.style.SUCCESS(f"Пакет {outcome.package_id} загружен, данные на {moment}.")
        )
        for name, counts in outcome.counts.items():
            self.stdout.write(
                f"  {name}: добавлено {counts.inserted}, изменено {counts.updated}, "
                f"без изменений {counts.unchanged}, закрыто {counts.closed}"
            )
        for note in outcome.notes:
            self.stdout.write(self.style.WARNING(note))
        if rejects:
            self.stdout.write(f"Отклонено строк: {outcome.rejected_rows}, они в файле {rejects}.")


class Terminal:
    """A line of progress on standard error, overwritten in place; nothing where that is no terminal."""

    def __init__(self, command: Command) -> None:
        self._stream = command.stderr
        self._is_terminal = self._stream.isatty()
        self._width = 0

    def show(self, progress: Progress) -> None:
        text = _in_words(progress)
        if self._is_terminal:
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)

    def clear(self) -> None:
        if self._width:
            self._write("\r" + " " * self._width + "\r")

    def _write(self, text: str) -> None:
        self._stream.write(text, ending="", style_func=str)
        self._stream.flush()


def _in_words(progress: Progress) -> str:
    if progress.step is Step.WAITING:
        return str(progress.step.value)
    place = f"{progress.file} ({progress.file_number} из {progress.files})"
    rows = f"{grouped(progress.rows)} из {grouped(progress.rows_total)} строк"
    parts = [f"{progress.step.value} {place}"]
    if progress.step is Step.READING:
        parts.append(rows)
    if progress.seconds_left is not None:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        parts.append(f"осталось {minutes}:{seconds:02}")
    return ": ".join(parts[:1]) + (", " + ", ".join(parts[1:]) if parts[1:] else "")
