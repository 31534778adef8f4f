"""Names the system libraries that are missing: `python devtools/demo/libraries.py`.

Nothing of the portal is imported: this runs before anything is installed.
"""

import sys
from ctypes.util import find_library

NEEDED = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


def missing_packages() -> list[str]:
    return [package for library, package in NEEDED.items() if not find_library(library)]


if __name__ == "__main__":
    if packages := " ".join(missing_packages()):
        sys.stderr.write(
            "Внимание: не хватает системных библиотек, без них не получатся файлы PDF.\n"
            f"  Debian и Ubuntu: sudo apt-get install {packages}\n"
            "  macOS:           brew install pango harfbuzz\n"
        )
