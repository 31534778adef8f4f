"""Files of a package, written as their rows come; the manifest at the end."""

import datetime
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from cabinet.exchange.files import FILES_BY_NAME

_BUFFER_ROWS = 5000
# Of each file, the column whose control sum the manifest gives.
_SUMS = {"charges.csv": "accrued", "payments.csv": "amount"}


def rubles(kopecks: int) -> str:
    sign, kopecks = ("-", -kopecks) if kopecks < 0 else ("", kopecks)
    return f"{sign}{kopecks // 100}.{kopecks % 100:02}"


class SampleFile:
    """Rows go out a few thousand at a time. `total` is the control sum so far."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self.name, self.rows, self.total = name, 0, 0
        self._stream, self._hash = stream, hashlib.sha256()
        self._lines = [";".join(column.name for column in FILES_BY_NAME[name].columns)]

    def write(self, *fields: object, total: int = 0) -> None:
        """Write a row in the order of the declaration; no field has a quote or a semicolon."""
        self.rows += 1
        self.total += total
        self._lines.append(";".join(["" if field is None else str(field) for field in fields]))
        if len(self._lines) >= _BUFFER_ROWS:
            self.flush()

    def flush(self) -> None:
        raw = "".join(f"{line}\n" for line in self._lines).encode()
        self._lines.clear()
        self._hash.update(raw)
        self._stream.write(raw)

    def described(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"rows": self.rows, "sha256": self._hash.hexdigest()}
        if self.name in _SUMS:
            entry["sum"] = {_SUMS[self.name]: rubles(self.total)}
        return entry


class _Nowhere:
    """A file that is not wanted."""

    def write(self, *fields: object, total: int = 0) -> None:
        pass


class SamplePackage:
    """The open files of a package; `only`: those wanted, all of them if empty."""

    def __init__(self, folder: Path, stack: ExitStack, only: frozenset[str]) -> None:
        self._folder, self._stack, self._only = folder, stack, only
        self.files: dict[str, SampleFile] = {}

    def file(self, name: str) -> SampleFile | _Nowhere:
        if self._only and name not in self._only:
            return _Nowhere()
        if name not in self.files:
            stream = self._stack.enter_context((self._folder / name).open("wb"))
            self.files[name] = SampleFile(name, stream)
        return self.files[name]

    def finish(self, manifest: dict[str, Any]) -> None:
        for file in self.files.values():
            file.flush()
        files = {name: file.described() for name, file in self.files.items()}
        text = json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=2)
        (self._folder / "manifest.json").write_text(text + "\n")


@contextmanager
def sample_package(path: Path, only: frozenset[str]) -> Iterator[SamplePackage]:
    """Open a package for writing: a folder, or a zip if the name says so.

    A zip appears when all of it is written.
    """
    with ExitStack() as stack:
        if path.suffix != ".zip":
            path.mkdir(parents=True, exist_ok=True)
            yield SamplePackage(path, stack, only)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=path.parent)))
        with ExitStack() as files:
            yield SamplePackage(folder, files, only)
        _zip(folder, path)


def _zip(folder: Path, path: Path) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    long_ago = datetime.datetime(1980, 1, 1).timetuple()[:6]  # the same bytes for the same seed
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(file.name, long_ago)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
    unfinished.replace(path)
