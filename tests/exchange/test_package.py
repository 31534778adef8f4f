"""Folders and zips, friendly and hostile. None of the hostile ones changes anything."""

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.db import transaction

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.exceptions import PackageNotFound, PackageRefused, PackageTooLarge
from cabinet.exchange.models import Package
from cabinet.exchange.package import archive
from cabinet.exchange.package.apply import package_apply
from cabinet.exchange.package.opening import package_open
from tenants.models import GasCompany
from tests.exchange.builder import COMPANY, KIM, accounts, write_package, zipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_package(tmp_path / "package", COMPANY)


def reasons(company: GasCompany, path: Path) -> str:
    """What is printed for a package that is refused; nothing of it was stored."""
    with pytest.raises(PackageRefused) as refused:
        package_apply(company=company, path=path)
    assert not PersonalAccount.objects.exists()
    assert not Package.objects.filter(state=Package.State.APPLIED).exists()
    return str(refused.value)


def with_entry(path: Path, entry: zipfile.ZipInfo | str, content: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(entry, content)
    return path


@pytest.mark.parametrize("top", ["", "pskov"])
def test_a_zip_of_the_folder(folder: Path, top: str, pskov: GasCompany) -> None:
    package_apply(company=pskov, path=zipped(folder, top=top))
    assert PersonalAccount.objects.count() == 2


def test_files_that_are_no_csv_are_ignored(folder: Path, pskov: GasCompany) -> None:
    (folder / "readme.txt").write_text("не читать")
    path = with_entry(zipped(folder), "__MACOSX/._accounts.csv")
    package_apply(company=pskov, path=path)
    assert PersonalAccount.objects.count() == 2


def test_a_path_without_a_package_is_refused(tmp_path: Path, pskov: GasCompany) -> None:
    with pytest.raises(PackageNotFound, match="проверьте путь к пакету"):
        package_apply(company=pskov, path=tmp_path / "nowhere")
    assert "в папке" in reasons(pskov, tmp_path)


def test_a_csv_without_a_place_in_the_manifest(folder: Path, pskov: GasCompany) -> None:
    (folder / "charges.csv").write_text("a\n")
    assert reasons(pskov, folder) == "charges.csv: файл не указан в манифесте"
    assert "charges.csv: файл не указан" in reasons(pskov, zipped(folder))


def test_a_place_without_a_csv(folder: Path, pskov: GasCompany) -> None:
    (folder / "tariffs.csv").unlink()
    assert reasons(pskov, folder) == "tariffs.csv: файла нет в пакете"
    assert reasons(pskov, zipped(folder)) == "tariffs.csv: файла нет в пакете"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../x.csv", "имя ведёт за пределы архива"),
        ("a/../../x.csv", "имя ведёт за пределы архива"),
        ("..\\x.csv", "имя ведёт за пределы архива"),
        ("/etc/cron.d/x", "абсолютное имя"),
        ("C:\\x.csv", "абсолютное имя"),
        ("accounts.csv", "имя есть в архиве дважды"),
        ("other/accounts.csv", "CSV лежит не рядом с манифестом"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_does_harm(name: str, reason: str, folder: Path, pskov: GasCompany) -> None:
    assert reason in reasons(pskov, with_entry(zipped(folder), name))


def test_a_symbolic_link(folder: Path, pskov: GasCompany) -> None:
    link = zipfile.ZipInfo("notes.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = with_entry(zipped(folder), link, b"/etc/passwd")
    assert "символическая ссылка" in reasons(pskov, path)
    (folder / "accounts.csv").rename(folder / "elsewhere")
    (folder / "accounts.csv").symlink_to("elsewhere")
    assert "символическая ссылка" in reasons(pskov, folder)


def test_a_pipe_does_not_hold_the_import_up(folder: Path, pskov: GasCompany) -> None:
    (folder / "accounts.csv").unlink()
    os.mkfifo(folder / "accounts.csv")
    assert reasons(pskov, folder) == "accounts.csv: это не обычный файл"


def test_an_encrypted_file(folder: Path, pskov: GasCompany) -> None:
    content = bytearray(zipped(folder).read_bytes())
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(signature)
        content[at + flags] |= 1
    path = folder.with_suffix(".zip")
    path.write_bytes(content)
    assert "файл зашифрован" in reasons(pskov, path)


def test_an_unusual_compression(folder: Path, pskov: GasCompany) -> None:
    path = zipped(folder)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as opened:
        opened.writestr("notes.txt", "x")
    assert "способ сжатия не поддерживается" in reasons(pskov, path)


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_broken_zip(keep: float, folder: Path, pskov: GasCompany) -> None:
    content = zipped(folder).read_bytes()
    path = folder.with_suffix(".zip")
    path.write_bytes(content[: int(keep * len(content)) if keep < 1 else int(keep)])
    assert "это не zip-архив или он повреждён" in reasons(pskov, path)


def test_a_table_of_contents_that_leads_before_the_file(folder: Path, pskov: GasCompany) -> None:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as opened:
        opened.write(folder / "manifest.json", "manifest.json")
    content = bytearray(path.read_bytes())
    start = content.rindex(b"PK\x05\x06") + 16
    (offset,) = struct.unpack_from("<I", content, start)
    struct.pack_into("<I", content, start, offset + 9)
    path.write_bytes(content)
    assert "архив повреждён" in reasons(pskov, path)


def test_an_entry_without_a_name(folder: Path, pskov: GasCompany) -> None:
    path = with_entry(zipped(folder), "x")
    content = bytearray(path.read_bytes())
    lengths = content.rindex(b"PK\x01\x02") + 28
    struct.pack_into("<HH", content, lengths, 0, 1)  # the name is now said to be something else
    path.write_bytes(content)
    assert "архив повреждён" in reasons(pskov, path)


def test_a_file_is_hashed_once_and_may_not_change_afterwards(folder: Path) -> None:
    with package_open(folder, tenant="pskov") as package:
        with package.open("accounts.csv") as file:
            assert not file.is_intact()  # nothing of it is read yet
            file.read(1 << 20)
            assert file.is_intact()
        with package.open("accounts.csv") as file:
            assert file.is_intact()
        (folder / "accounts.csv").write_text("other")
        with pytest.raises(PackageRefused, match="файл изменён"), package.open("accounts.csv"):
            pass


def test_a_zip_with_one_bad_byte(folder: Path, pskov: GasCompany) -> None:
    """Wherever it is: told, or of no account. Never a crash or half an import."""
    content = zipped(folder).read_bytes()
    path = folder.with_suffix(".zip")
    told = harmless = 0
    for at in range(0, len(content), 23):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        with transaction.atomic():
            try:
                package_apply(company=pskov, path=path)
                harmless += 1
                assert PersonalAccount.objects.count() == 2
            except PackageRefused:
                told += 1
                assert not PersonalAccount.objects.exists()
            transaction.set_rollback(True)
    assert told > harmless


def test_no_manifest_or_two(tmp_path: Path, pskov: GasCompany) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("a/b/manifest.json", "{}")
    assert "ни в корне, ни в единственной папке" in reasons(pskov, path)
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("a/manifest.json", "{}")
        opened.writestr("b/manifest.json", "{}")
    assert "ни в корне, ни в единственной папке" in reasons(pskov, path)


def test_a_huge_manifest(tmp_path: Path, pskov: GasCompany) -> None:
    (tmp_path / "manifest.json").write_text(" " * 2 * 1024 * 1024)
    assert reasons(pskov, tmp_path) == "manifest.json: манифест больше 1 МиБ"


def test_too_many_files(folder: Path, pskov: GasCompany) -> None:
    path = zipped(folder)
    with zipfile.ZipFile(path, "a") as opened:
        for number in range(1001):
            opened.writestr(f"{number}.txt", "")
    assert "в архиве больше 1000 файлов" in reasons(pskov, path)


def test_a_table_of_contents_that_fills_the_memory(tmp_path: Path, pskov: GasCompany) -> None:
    """Half a gigabyte of it would be four in memory."""
    entry = b"PK\x01\x02" + struct.pack("<4B4HL2L5H2L", *[0] * 11, 1, *[0] * 6) + b"x"
    table = entry * 60_000
    path = tmp_path / "package.zip"
    path.write_bytes(table + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(table), 0, 0))
    tracemalloc.start()
    told, (_, peak) = reasons(pskov, path), tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "слишком много файлов" in told
    assert peak < 10 * 1024 * 1024


def bomb(folder: Path) -> Path:
    """A zip that is a thousandth of its content: lines of one account each."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.write(folder / "manifest.json", "manifest.json")
        with opened.open("accounts.csv", "w") as out:
            for _ in range(100):
                out.write((KIM + "\n").encode() * 10_000)
    return path


def test_a_zip_bomb_is_counted(
    tmp_path: Path, pskov: GasCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SMALL_BYTES", 1024 * 1024)
    path = bomb(write_package(tmp_path / "package", accounts(KIM)))
    with pytest.raises(PackageTooLarge, match="zip-бомба"):
        package_apply(company=pskov, path=path)
    assert Package.objects.get().state == Package.State.REFUSED


def test_a_bomb_that_lies_about_its_size_is_counted_too(tmp_path: Path, pskov: GasCompany) -> None:
    """The declared size is made a hundred bytes: no more than these are ever read."""
    path = bomb(write_package(tmp_path / "package", accounts(KIM)))
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(content)
    assert "архив повреждён" in reasons(pskov, path)


def test_limits_are_met_at_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("manifest.json", "x" * 50)
    with zipfile.ZipFile(buffer) as opened:
        entries = {"manifest.json": opened.getinfo("manifest.json")}
        package = archive.ZipPackage(opened, entries, 50)
        for _ in range(2):  # the second time for the rejected rows
            assert len(package.open("manifest.json").read()) == 50
        with pytest.raises(PackageTooLarge):
            archive.ZipPackage(opened, entries, 49).open("manifest.json").read()
