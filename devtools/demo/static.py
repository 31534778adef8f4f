"""Whether the collected styles and scripts are those of the sources: collecting takes seconds."""

import hashlib

from devtools.demo.places import LOCAL, ROOT

_STAMP = LOCAL / "static-of"
_APPS = ("portal", "tenants", "cms_pages", "cabinet")


def fingerprint() -> str:
    """Of our own files, built and plain, and of the lock file for those of the packages."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    plain = (path for app in _APPS for path in (ROOT / app).glob("**/static/**/*"))
    for path in sorted((*(ROOT / "portal/assets/dist").rglob("*"), *plain)):
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def is_collected() -> bool:
    return _STAMP.exists() and _STAMP.read_text() == fingerprint() and (LOCAL / "static").is_dir()


def remember() -> None:
    _STAMP.write_text(fingerprint())
