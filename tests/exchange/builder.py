"""Making packages for tests."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

AS_OF = "2026-11-05T06:00:00+03:00"


def write_package(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    tenant: str = "pskov",
    package_id: str = "p-1",
    as_of: str = AS_OF,
    mode: str = "delta",
    sums: Mapping[str, Mapping[str, str]] | None = None,
    **overrides: Any,
) -> Path:
    """A package folder whose manifest is right, but for `overrides` of its keys."""
    folder.mkdir(parents=True, exist_ok=True)
    described: dict[str, Any] = {}
    for name, text in files.items():
        content = text.encode() if isinstance(text, str) else text
        (folder / name).write_bytes(content)
        described[name] = {
            "rows": max(0, len(content.removesuffix(b"\n").split(b"\n")) - 1),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        if sums and name in sums:
            described[name]["sum"] = sums[name]
    manifest = {
        "format": "gas-exchange",
        "version": 1,
        "tenant": tenant,
        "package_id": package_id,
        "as_of": as_of,
        "mode": mode,
        "files": described,
    } | overrides
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
    return folder


def zipped(folder: Path, *, top: str = "") -> Path:
    """A zip of the folder beside it, its files in the root or in the folder `top`."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{top}/{file.name}" if top else file.name)
    return path
