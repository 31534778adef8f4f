"""`manage.py billing_import`."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.management.commands import billing_import
from tenants.models import GasCompany
from tests.exchange.builder import COMPANY, KIM, OSIPOVA, accounts, write_package

pytestmark = pytest.mark.usefixtures("pskov")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(path: Path, *arguments: str, stderr: io.StringIO | None = None) -> str:
    out = io.StringIO()
    call_command(
        "billing_import",
        "pskov",
        str(path),
        *arguments,
        stdout=out,
        stderr=stderr or io.StringIO(),
        no_color=True,
    )
    return out.getvalue()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_package(tmp_path / "good", COMPANY)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    content = accounts(KIM.replace("2021-02-08", "вчера"), OSIPOVA)
    return write_package(tmp_path / "bad", content)


def test_it_works_and_the_second_time_says_so(good: Path) -> None:
    assert run(good).replace("\u00a0", " ").splitlines() == [
        "Пакет p-1 загружен, данные на 5 ноября 2026 г., 06:00.",
        "  accounts.csv: добавлено 2, изменено 0, без изменений 0, закрыто 0",
        "  tariffs.csv: добавлено 1, изменено 0, без изменений 0, закрыто 0",
        "  meters.csv: добавлено 1, изменено 0, без изменений 0, закрыто 0",
        "  readings.csv: добавлено 1, изменено 0, без изменений 0, закрыто 0",
    ]
    assert run(good) == "Пакет p-1 уже загружен, ничего не изменено.\n"


def test_the_command_answers_in_json(good: Path) -> None:
    answer = json.loads(run(good, "--json"))
    assert answer["state"] == "applied"
    assert answer["counts"]["accounts.csv"] == {
        "inserted": 2,
        "updated": 0,
        "unchanged": 0,
        "closed": 0,
    }
    assert json.loads(run(good, "--json"))["state"] == "already_applied"


def test_a_broken_package_is_reported_line_by_line(bad: Path) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("billing_import", "pskov", str(bad), stdout=out)
    assert out.getvalue() == "accounts.csv:2 opened_on нужна дата вида 2026-11-05\n"
    assert str(error.value) == "Пакет не загружен, ничего не изменено. Ошибок: 1."
    assert error.value.returncode == 1


def test_a_hundred_and_how_many_more(tmp_path: Path) -> None:
    rows = (f"{number};;;;;;;" for number in range(1, 101))
    path = write_package(tmp_path / "p", accounts(*rows))
    with pytest.raises(CommandError, match="Ошибок: 400, показаны первые 100"):
        run(path)


def test_a_broken_one_as_json(bad: Path) -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("billing_import", "pskov", str(bad), "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue()) == {
        "state": "refused",
        "problems": [
            {
                "file": "accounts.csv",
                "reason": "нужна дата вида 2026-11-05",
                "line": 2,
                "column": "opened_on",
            }
        ],
        "problem_count": 1,
    }


def test_rejected_rows_go_to_the_file_named(bad: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    out = run(bad, "--reject-file", str(rejects))
    assert f"Отклонено строк: 1, они в файле {rejects}." in out
    assert rejects.read_text().splitlines()[1].startswith("accounts.csv;2;opened_on;")
    assert PersonalAccount.objects.get().account_number == "805107"


@pytest.mark.parametrize(
    ("tenant", "path", "message"),
    [
        ("omsk", ".", r"Компании «omsk» нет. Есть: .*pskov"),
        ("pskov", "/nowhere", "Нет ни папки, ни файла «/nowhere»"),
        ("public", ".", "Компании «public» нет"),
    ],
)
def test_a_wrong_word(tenant: str, path: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("billing_import", tenant, path)


def test_a_wrong_path_as_json() -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("billing_import", "pskov", "/nowhere", "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["state"] == "failed"


def test_mass_close_names_the_way_out(good: Path, tmp_path: Path) -> None:
    run(good)
    full: dict[str, Any] = {"package_id": "full", "mode": "full"}
    path = write_package(tmp_path / "full", accounts(KIM), **full)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("billing_import", "pskov", str(path), stdout=out)
    assert "разрешите: --allow-mass-close" in out.getvalue()
    assert "закрыто 1" in run(path, "--allow-mass-close")


def test_progress_is_for_those_who_look(good: Path) -> None:
    terminal = Terminal()
    run(good, stderr=terminal)
    shown = terminal.getvalue()
    assert "читаю accounts.csv (1 из 4), 0 из 2 строк" in shown
    assert "применяю readings.csv (4 из 4), осталось 0:0" in shown
    assert "\n" not in shown
    assert shown.endswith("\r")


def test_it_works_for_a_company_that_no_page_of_it_is_open_for(good: Path) -> None:
    GasCompany.objects.filter(schema_name="pskov").update(status=GasCompany.Status.SUSPENDED)
    assert "загружен" in run(good)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OperationalError("server closed the connection"), "База данных не отвечает"),
        (KeyboardInterrupt(), "Загрузка прервана"),
        (OSError("Input/output error"), "Файл не прочитать"),
    ],
)
def test_an_import_that_was_cut_short(
    error: BaseException, message: str, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def package_apply(**_: Any) -> None:
        raise error

    monkeypatch.setattr(billing_import, "package_apply", package_apply)
    with pytest.raises(CommandError, match=message):
        run(good)
