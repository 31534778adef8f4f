"""Reading a manifest strictly: what is not understood is named, not passed over."""

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cabinet.exchange.declaration import FileDeclaration
from cabinet.exchange.exceptions import PackageRefused, Problem, shown
from cabinet.exchange.models import Package
from cabinet.exchange.package.manifest import Manifest, ManifestFile
from cabinet.exchange.package.opening import MANIFEST
from cabinet.exchange.package.strict_json import json_object

# A slip in the year would keep out every later package.
_AHEAD = datetime.timedelta(days=366)
_KEYS = ("format", "version", "tenant", "package_id", "as_of", "mode", "files")
_FILE_KEYS = ("rows", "sha256", "sum")
_PACKAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,10})?")
# Years as in the files, offsets as on Earth: Python knows others, which PostgreSQL cannot keep.
_MOMENT = re.compile(
    r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(Z|[+-](?:0[0-9]|1[0-4]):[0-9]{2})?"
)
# Lines are numbered by PostgreSQL's integer.
_MOST_ROWS = 2**31 - 1


def manifest_read(content: bytes, *, tenant: str, known: Mapping[str, FileDeclaration]) -> Manifest:
    """Raises PackageRefused with everything that is wrong. `known`: the files that are taken."""
    reader = _Reader(known)
    data = json_object(content)
    reader.keys(data, _KEYS, _KEYS, "")
    reader.demand(data.get("format") == "gas-exchange", "format: нужно «gas-exchange»")
    version = data.get("version")
    reader.demand(
        isinstance(version, int) and not isinstance(version, bool) and version == 1,
        "version: портал понимает версию 1",
    )
    named = data.get("tenant")
    reader.demand(
        named == tenant, f"tenant: пакет для «{_shown(named)}», а загружается в «{tenant}»"
    )
    manifest = Manifest(
        package_id=reader.package_id(data.get("package_id")),
        as_of=reader.as_of(data.get("as_of")),
        mode=reader.mode(data.get("mode")),
        files=reader.files(data.get("files")),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    if reader.problems:
        raise PackageRefused(reader.problems)
    return manifest


class _Reader:
    """Collects what is wrong; the values that it returns then are never used."""

    def __init__(self, known: Mapping[str, FileDeclaration]) -> None:
        self.known = known
        self.problems: list[Problem] = []

    def demand(self, holds: bool, reason: str) -> bool:
        if not holds:
            self.problems.append(Problem(MANIFEST, reason))
        return holds

    def keys(
        self, data: dict[str, Any], allowed: tuple[str, ...], needed: tuple[str, ...], at: str
    ) -> None:
        for key in data:
            self.demand(key in allowed, f"{at}неизвестный ключ «{_shown(key)}»")
        for key in needed:
            self.demand(key in data, f"{at}нет ключа «{key}»")

    def package_id(self, value: Any) -> str:
        fits = isinstance(value, str) and bool(_PACKAGE_ID.fullmatch(value))
        self.demand(
            fits,
            "package_id: до 100 латинских букв, цифр и знаков . _ : -, первой — буква или цифра",
        )
        return value if fits else ""

    def as_of(self, value: Any) -> datetime.datetime:
        found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
        moment = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
        if not found:
            self.demand(False, "as_of: нужно время вида 2026-11-05T06:00:00+03:00")
        elif not found[1]:
            self.demand(False, "as_of: не указано смещение от UTC, например +03:00")
        else:
            try:
                moment = datetime.datetime.fromisoformat(value)
            except ValueError:
                self.demand(False, "as_of: такого времени не бывает")
            else:
                self.demand(
                    moment <= timezone.now() + _AHEAD,
                    "as_of: больше чем на год вперёд; после такого пакета портал не взял бы ни одного "
                    "более раннего",
                )
        return moment

    def mode(self, value: Any) -> str:
        fits = isinstance(value, str) and value in Package.Mode.values
        self.demand(fits, "mode: нужно «delta» или «full»")
        return value if fits else ""

    def files(self, value: Any) -> dict[str, ManifestFile]:
        if not self.demand(isinstance(value, dict), "files: нужен объект с именами файлов"):
            return {}
        return {name: self.file(name, content) for name, content in value.items()}

    def file(self, name: str, content: Any) -> ManifestFile:
        at = f"files, {_shown(name)}: "
        taken = ", ".join(self.known)
        self.demand(name in self.known, f"{at}такой файл портал не принимает; он принимает {taken}")
        if not self.demand(isinstance(content, dict), f"{at}нужен объект с rows и sha256"):
            return ManifestFile(0, "", {})
        self.keys(content, _FILE_KEYS, ("rows", "sha256"), at)
        rows, sha256 = content.get("rows"), content.get("sha256")
        is_count = isinstance(rows, int) and not isinstance(rows, bool) and 0 <= rows < _MOST_ROWS
        self.demand(is_count, f"{at}rows: нужно число строк без заголовка")
        is_hash = isinstance(sha256, str) and bool(_SHA256.fullmatch(sha256))
        self.demand(is_hash, f"{at}sha256: нужны 64 шестнадцатеричные цифры")
        sums = content.get("sum", {})
        if not self.demand(isinstance(sums, dict), f"{at}sum: нужен объект с суммами по столбцам"):
            sums = {}
        return ManifestFile(
            rows=rows if is_count else 0,
            sha256=sha256.lower() if is_hash else "",
            sums={column: self.sum(name, column, text, at) for column, text in sums.items()},
        )

    def sum(self, name: str, column: str, value: Any, at: str) -> Decimal:
        declaration = self.known.get(name)
        described = declaration.by_name.get(column) if declaration else None
        if declaration:
            self.demand(
                described is not None and described.kind.is_number,
                f"{at}sum: столбца с числами «{_shown(column)}» в этом файле нет",
            )
        text = str(value) if isinstance(value, Decimal | int) else value
        fits = isinstance(text, str) and bool(_NUMBER.fullmatch(text))
        self.demand(fits, f'{at}sum: для {_shown(column)} нужно число строкой, например "7.39"')
        return Decimal(text) if fits else Decimal(0)


def _shown(value: Any) -> str:
    return shown(
        value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    )
