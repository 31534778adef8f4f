"""The sample packages of Pskov and of the fund, as Pskov's."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.as_of import files_as_of_note
from cabinet.exchange.package.apply import package_apply
from tenants.models import GasCompany
from tests.exchange.test_samples import SAMPLES


@pytest.fixture
def pskov_sample(pskov: GasCompany) -> None:
    package_apply(company=pskov, path=SAMPLES / "pskov")


@pytest.fixture
def manual_account(pskov_sample: None) -> PersonalAccount:
    """The account of the gas manual's figures."""
    return PersonalAccount.objects.get(account_number="805107")


@pytest.fixture
def fund_account(pskov: GasCompany, tmp_path: Path) -> PersonalAccount:
    """The account of figure 3.2.3 of the fund's manual."""
    folder = tmp_path / "fund"
    shutil.copytree(SAMPLES / "yugra", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"tenant": "pskov"}))
    package_apply(company=pskov, path=folder)
    return PersonalAccount.objects.get(account_number="8600114207")


@pytest.fixture
def data_as_of(pskov: GasCompany) -> Callable[[str], None]:
    """Says the moment of billing's charges: its month can have bills already."""

    def note(moment: str) -> None:
        files_as_of_note(["charges.csv"], datetime.datetime.fromisoformat(moment))

    return note
