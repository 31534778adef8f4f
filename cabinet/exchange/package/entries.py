"""The names in a zip: which are dangerous, and which lie beside the manifest."""

import stat
import zipfile
from collections.abc import Sequence

from cabinet.exchange.exceptions import PackageRefused, Problem, shown

MAX_ENTRIES = 1000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def entry_problems(entries: Sequence[zipfile.ZipInfo], archive: str) -> list[Problem]:
    """What is wrong with names, kinds and packing of the entries; their sizes are counted later."""
    if len(entries) > MAX_ENTRIES:
        return [Problem(archive, f"в архиве больше {MAX_ENTRIES} файлов")]
    seen: set[str] = set()
    problems = []
    for entry in entries:
        path = _path_of(entry)
        reason = _danger(entry, path) or ("имя есть в архиве дважды" if path in seen else "")
        if reason:
            problems.append(Problem(shown(path), reason))
        seen.add(path)
    return problems


def _path_of(entry: zipfile.ZipInfo) -> str:
    """With slashes, whatever the archiver used."""
    return entry.filename.replace("\\", "/")


def _danger(entry: zipfile.ZipInfo, path: str) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not path or entry.header_offset < 0:
        return "архив повреждён: передайте пакет ещё раз"
    if path.startswith("/") or path[1:2] == ":":
        return "абсолютное имя: в пакете допускаются только имена внутри него"
    if ".." in path.split("/"):
        return "имя ведёт за пределы архива"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "символическая ссылка или особый файл"
    if entry.flag_bits & 0x1:
        return "файл зашифрован: передайте архив без пароля"
    if entry.compress_type not in _METHODS:
        return "способ сжатия не поддерживается: нужен обычный zip (deflate)"
    return ""


def entries_beside(entries: Sequence[zipfile.ZipInfo], manifest: str) -> dict[str, zipfile.ZipInfo]:
    """By bare name, the files beside the manifest, which lies in the root or in a top folder.

    Raises PackageRefused, also for a CSV elsewhere: it would be lost in silence.
    """
    files = {
        _path_of(entry): entry
        for entry in entries
        # macOS adds such a folder, full of `._accounts.csv`, to every archive.
        if not entry.is_dir() and not _path_of(entry).startswith("__MACOSX/")
    }
    folders = {path.rpartition("/")[0] for path in files if path.rpartition("/")[2] == manifest}
    shallow = sorted(folder for folder in folders if "/" not in folder)
    if not shallow or (shallow[0] and len(shallow) > 1):
        reason = "в архиве нет этого файла ни в корне, ни в единственной папке верхнего уровня"
        raise PackageRefused([Problem(manifest, reason)])
    prefix = f"{shallow[0]}/" if shallow[0] else ""
    beside = {
        path.removeprefix(prefix): entry
        for path, entry in files.items()
        if path.startswith(prefix) and "/" not in path.removeprefix(prefix)
    }
    taken = {prefix + name for name in beside}
    lost = [path for path in files if path.lower().endswith(".csv") and path not in taken]
    if lost:
        raise PackageRefused(
            [Problem(shown(path), "CSV лежит не рядом с манифестом") for path in sorted(lost)]
        )
    return beside
