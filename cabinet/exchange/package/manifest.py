"""The manifest of a package (docs/exchange-format.md), read strictly: what is not understood is named."""

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import ErrorDetails

from cabinet.exchange.exceptions import PackageRefused, Problem, shown
from cabinet.exchange.files.declaration import FileDeclaration
from cabinet.exchange.package.archive import MANIFEST

# A slip in the year would keep out every later package.
_AHEAD = datetime.timedelta(days=366)
# Years as in the files, offsets as on Earth: Python knows others, which PostgreSQL cannot keep.
_MOMENT = re.compile(
    r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(Z|[+-](?:0[0-9]|1[0-4]):[0-9]{2})?"
)
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,10})?")
# Lines are numbered by PostgreSQL's integer.
_MOST_ROWS = 2**31 - 1


def manifest_read(
    content: bytes, *, tenant: str, known: Mapping[str, FileDeclaration]
) -> "Manifest":
    """Read the manifest of a package for the schema `tenant`.

    `known`: the files that the portal takes. Raises PackageRefused with everything that is wrong.
    """
    data = _json_object(content)
    try:
        manifest = Manifest.model_validate(data, context={"tenant": tenant, "known": known})
    except ValidationError as error:
        raise _refused(*map(_reason, error.errors(include_url=False))) from error
    wrong_sums = [
        f"files, {name}: sum: столбца с числами «{shown(column)}» в этом файле нет"
        for name, file in manifest.files.items()
        for column in file.sums
        if not _is_number(known[name], column)
    ]
    if wrong_sums:
        raise _refused(*wrong_sums)
    manifest._sha256 = hashlib.sha256(content).hexdigest()  # noqa: SLF001 — of the class below
    return manifest


def _is_number(declaration: FileDeclaration, column: str) -> bool:
    described = declaration.by_name.get(column)
    return described is not None and described.kind.is_number


# --- what it holds ----------------------------------------------------------------------------------


def _assert_tenant(value: Any, info: ValidationInfo) -> Any:
    tenant = info.context["tenant"] if info.context else ""
    if value != tenant:
        raise ValueError(f"tenant: пакет для «{_shown(value)}», а загружается в «{tenant}»")
    return value


def _moment(value: Any) -> datetime.datetime:
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("as_of: нужно время вида 2026-11-05T06:00:00+03:00")
    if not found[1]:
        raise ValueError("as_of: не указано смещение от UTC, например +03:00")
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("as_of: такого времени не бывает") from error
    if moment > timezone.now() + _AHEAD:
        raise ValueError(
            "as_of: больше чем на год вперёд; после такого пакета портал не взял бы ни одного более "
            "раннего"
        )
    return moment


def _assert_known(name: str, info: ValidationInfo) -> str:
    known = info.context["known"] if info.context else {}
    if name not in known:
        names = ", ".join(known)
        raise ValueError(
            f"files, {shown(name)}: такой файл портал не принимает; он принимает {names}"
        )
    return name


def _number(value: Any) -> Decimal:
    text = str(value) if isinstance(value, Decimal | int) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError  # without a text: _reason has it
    return Decimal(text)


_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)


class ManifestFile(BaseModel):
    """A file as the manifest describes it: rows without the header, control sums by column.

    The description of a field is what the sender reads when its value is wrong.
    """

    model_config = _STRICT

    rows: int = Field(ge=0, lt=_MOST_ROWS, description="rows: нужно число строк без заголовка")
    sha256: Annotated[str, AfterValidator(str.lower)] = Field(
        pattern="^[0-9a-fA-F]{64}$", description="sha256: нужны 64 шестнадцатеричные цифры"
    )
    sums: dict[str, Annotated[Decimal, BeforeValidator(_number)]] = Field(
        {}, alias="sum", description="sum: нужен объект с суммами по столбцам"
    )


class Manifest(BaseModel):
    """The content of `manifest.json`; `files` by name."""

    model_config = _STRICT

    format: Literal["gas-exchange"] = Field(description="format: нужно «gas-exchange»")
    # Not Literal[1], which takes true.
    version: int = Field(ge=1, le=1, description="version: портал понимает версию 1")
    tenant: Annotated[Any, BeforeValidator(_assert_tenant)]
    package_id: str = Field(
        pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$",
        description=(
            "package_id: до 100 латинских букв, цифр и знаков . _ : -, первой — буква или цифра"
        ),
    )
    as_of: Annotated[datetime.datetime, BeforeValidator(_moment)]
    mode: Literal["delta", "full"] = Field(description="mode: нужно «delta» или «full»")
    files: dict[Annotated[str, AfterValidator(_assert_known)], ManifestFile] = Field(
        description="files: нужен объект с именами файлов"
    )
    _sha256: str = PrivateAttr("")

    @property
    def sha256(self) -> str:
        """Return the hash of the manifest itself: the same manifest means the same bytes."""
        return self._sha256

    @property
    def is_full(self) -> bool:
        return self.mode == "full"


# --- what is wrong, for the sender --------------------------------------------------------------------


def _reason(error: ErrorDetails) -> str:
    """Return in Russian what pydantic has found, and where."""
    if raised := str(error.get("ctx", {}).get("error", "")):
        return raised
    match [str(part) for part in error["loc"]]:
        case ["files", name, *path]:
            at, fields = f"files, {shown(name)}: ", ManifestFile.model_fields
        case path:
            at, fields = "", Manifest.model_fields
    if error["type"] == "extra_forbidden":
        return f"{at}неизвестный ключ «{shown(path[-1])}»"
    if error["type"] == "missing":
        return f"{at}нет ключа «{path[-1]}»"
    if not path:
        return f"{at}нужен объект с rows и sha256"
    if at and path[0] == "sum" and len(path) > 1:
        return f'{at}sum: для {shown(path[1])} нужно число строкой, например "7.39"'
    return at + str(fields["sums" if path[0] == "sum" else path[0]].description)


def _shown(value: Any) -> str:
    return shown(
        value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    )


def _refused(*reasons: str) -> PackageRefused:
    return PackageRefused([Problem(MANIFEST, reason) for reason in reasons])


# --- JSON without what Python's reader lets pass ------------------------------------------------------


class _DoubledKey(ValueError):
    """A key that an object has twice."""


def _json_object(content: bytes) -> dict[str, Any]:
    """Read JSON without doubled keys, NaN and floats. Raises PackageRefused."""
    try:
        data = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_without_doubles,
            # A float's control sum would be off by its own rounding.
            parse_float=Decimal,
            parse_constant=_refuse_constant,
        )
    except _DoubledKey as error:
        raise _refused(f"ключ «{error}» указан дважды") from error
    except UnicodeDecodeError as error:
        raise _refused("манифест не в UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise _refused("это не JSON: исправьте манифест") from error
    if not isinstance(data, dict):
        raise _refused("нужен объект JSON: {…}")
    return data


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _DoubledKey(shown(next(key for key in keys if keys.count(key) > 1)))
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
