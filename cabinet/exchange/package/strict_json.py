"""JSON without what Python's reader lets pass: doubled keys, NaN, numbers as floats."""

import json
from decimal import Decimal
from typing import Any

from cabinet.exchange.exceptions import PackageRefused, Problem, shown
from cabinet.exchange.package.opening import MANIFEST


class _DoubledKey(ValueError):
    pass


def json_object(content: bytes) -> dict[str, Any]:
    """The manifest as an object. Raises PackageRefused."""
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


def _refused(reason: str) -> PackageRefused:
    return PackageRefused([Problem(MANIFEST, reason)])


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _DoubledKey(shown(next(key for key in keys if keys.count(key) > 1)))
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
