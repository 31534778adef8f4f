from importlib.util import find_spec
from pathlib import Path

from portal.embedded.errors import EmbeddedServerError


def package_folder(name: str, *, instead: str) -> Path:
    """Where the wheel's package lies. Not imported: only its programs are of use, not its Python.

    Raises EmbeddedServerError, which names the variable to set instead.
    """
    package = find_spec(name)
    if package is None or package.origin is None:
        raise EmbeddedServerError(
            f"Пакет {name.replace('_', '-')} не установлен: выполните «make demo» "
            f"или задайте {instead}."
        )
    return Path(package.origin).parent
