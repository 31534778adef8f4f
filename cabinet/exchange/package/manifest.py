"""What the manifest of a package says: docs/exchange-format.md."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cabinet.exchange.models import Package


@dataclass(frozen=True)
class ManifestFile:
    """What the manifest says of a file: rows without the header, control sums by column."""

    rows: int
    sha256: str
    sums: Mapping[str, Decimal]


@dataclass(frozen=True)
class Manifest:
    """`files` by name; `sha256` is that of the manifest itself."""

    package_id: str
    as_of: datetime.datetime
    mode: str
    files: Mapping[str, ManifestFile]
    sha256: str

    @property
    def is_full(self) -> bool:
        return self.mode == Package.Mode.FULL
