import datetime
from collections.abc import Callable
from pathlib import Path

from devtools.sample import fund, gas
from devtools.sample.writing import SamplePackage, sample_package
from portal.formats.dates import months_until


def sample_write(
    *,
    path: Path,
    tenant: str,
    is_gas: bool,
    accounts: int,
    months: int,
    seed: int,
    last_month: datetime.date,
    as_of: datetime.datetime,
    mode: str = "delta",
    only: frozenset[str] = frozenset(),
    report: Callable[[int], None] = lambda _: None,
) -> str:
    """Write a package of made-up accounts to `path`, a folder or a zip; return its id.

    The same figures make the same bytes. Rows go to the disk as they are made, so memory does not grow
    with the size. `report` is called with the number of accounts written.
    """
    package_id = f"{tenant}-sample-{seed}-{accounts}x{months}-{last_month:%Y-%m}"
    with sample_package(path, only) as package:
        periods = months_until(last_month, months)
        if is_gas:
            _gas(package, tenant, accounts, periods, seed, report)
        else:
            _fund(package, accounts, periods, seed, report)
        package.finish(
            {
                "format": "gas-exchange",
                "version": 1,
                "tenant": tenant,
                "package_id": package_id,
                "as_of": as_of.isoformat(),
                "mode": mode,
            }
        )
    return package_id


def _gas(
    package: SamplePackage,
    tenant: str,
    accounts: int,
    periods: list[datetime.date],
    seed: int,
    report: Callable[[int], None],
) -> None:
    gas.write_tariffs(package)
    for index in range(accounts):
        gas.write_account(package, tenant, index, periods, seed)
        report(index + 1)


def _fund(
    package: SamplePackage,
    accounts: int,
    periods: list[datetime.date],
    seed: int,
    report: Callable[[int], None],
) -> None:
    for house, first in enumerate(range(0, accounts, fund.FLATS)):
        flats = min(fund.FLATS, accounts - first)
        fund.write_house(package, house, flats, periods, seed)
        report(first + flats)
