import datetime
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string


def pack(
    groups: list[dict[str, Any]],
    target: Path,
    *,
    made_at: datetime.datetime,
    files: Iterable[tuple[str, bytes]] = (),
) -> int:
    """Write the zip under another name and move it into place. Returns its size in bytes.

    `groups`: sections of public, then of each company.
    """
    said = {
        "made_at": made_at.isoformat(),
        "parts": [
            {
                "company": group["company"],
                **{section["code"]: section["rows"] for section in group["sections"]},
            }
            for group in groups
        ],
    }
    page = render_to_string(
        "cabinet/subscribers/personal_data/copy.html",
        {"groups": [_table_group(group) for group in groups], "made_at": made_at},
    )
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(said, ensure_ascii=False, indent=1))
        packed.writestr("Мои данные.html", page)
        for name, content in files:
            packed.writestr(name, content)
    unfinished.chmod(0o600)
    unfinished.replace(target)
    return target.stat().st_size


def _table_group(group: dict[str, Any]) -> dict[str, Any]:
    """The same with rows as lists, in the order of the columns: what a template can walk."""
    return {
        "company": group["company"],
        "sections": [
            {
                "title": section["title"],
                "heads": list(section["columns"].values()),
                "rows": [
                    [row.get(key, "") for key in section["columns"]] for row in section["rows"]
                ],
            }
            for section in group["sections"]
        ],
    }
