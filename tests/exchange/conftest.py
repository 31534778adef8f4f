import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cabinet.exchange.exceptions import PackageRefused
from cabinet.exchange.package.apply import Outcome, package_apply
from tenants.models import GasCompany
from tests.exchange.builder import COMPANY, write_package

Load = Callable[..., Outcome]
Problems = Callable[..., list[str]]


@pytest.fixture
def load(pskov: GasCompany, tmp_path: Path) -> Load:
    """Builds a package of the files and applies it to Pskov; each has an id of its own if not given."""
    numbers = itertools.count(1)

    def load(
        content: dict[str, Any],
        /,
        *,
        rejects_path: Path | None = None,
        allow_mass_close: bool = False,
        **manifest: Any,
    ) -> Outcome:
        name = f"p-{next(numbers)}"
        path = write_package(tmp_path / name, content, **{"package_id": name, **manifest})
        return package_apply(
            company=pskov,
            path=path,
            rejects_path=rejects_path,
            allow_mass_close=allow_mass_close,
        )

    return load


@pytest.fixture
def loaded(load: Load) -> Load:
    """The same, after the small company of the builder has been loaded."""
    load(COMPANY, package_id="p-0")
    return load


@pytest.fixture
def problems(load: Load) -> Problems:
    """What is wrong with a package, as printed."""

    def problems(content: dict[str, Any], /, **manifest: Any) -> list[str]:
        with pytest.raises(PackageRefused) as refused:
            load(content, **manifest)
        assert refused.value.total == len(refused.value.problems)
        return [str(problem) for problem in refused.value.problems]

    return problems
